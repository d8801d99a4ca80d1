package io.onlineem.multinomial;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Probabilities;
import io.onlineem.em.Problem;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A multinomial of which only sums of cells are observed: grouped data (Hartley 1958), gene counting (Ceppellini, Siniscalco
 * and Smith 1955), genetic linkage (Dempster, Laird and Rubin 1977, section 1).
 *
 * <p>Observed cell c has probability {@code P_c = Σ_j p_j} over its latent cells, {@code p_j = a_j Π_l π_l^e_jl}. The E-step
 * splits an observed count in proportion, {@code E[n_j] = n_c p_j / P_c}; the M-step counts how often each probability was
 * drawn, {@code π_l ∝ Σ_j e_jl E[n_j]} within its group, plus a prior's pseudo-observations.
 *
 * <p>A record holds one count per observed cell, non-negative and finite, in which fractions are allowed; or the one cell that
 * was observed, as the {@linkplain Observations#category code} of its name. The log-likelihood of counts is {@code Σ_c n_c log P_c}: without the multinomial
 * coefficient, so that counts say the same as that many single records. A record is one observation whatever it counts.
 *
 * <p>The posterior of a record is the expected share of each latent cell in it; a record without any count leaves the
 * probabilities of the latent cells as they are.
 *
 * <p>Statistics: {@code Σ E[n_j]}, one per latent cell. No probability falls below {@value #SMALLEST_PROBABILITY}: a
 * likelihood may well be highest at zero, but from zero EM never comes back when later data contradict it.
 */
public final class IncompleteMultinomial implements Model<CellParameters> {

    static final double SMALLEST_PROBABILITY = 1e-10;

    private final CellTable table;
    private final boolean counted;
    private final double priorStrength;
    private final List<Polynomial.Term> latentCells;

    private IncompleteMultinomial(CellTable table, boolean counted, double priorStrength) {
        if (!(priorStrength >= 0) || priorStrength == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "prior strength is " + priorStrength + "; expected a number of observations, at least 0");
        }
        this.table = table;
        this.counted = counted;
        this.priorStrength = priorStrength;
        this.latentCells = table.latentCells();
    }

    /** A model of records that hold a count for every observed cell. */
    public static IncompleteMultinomial ofCounts(CellTable table) {
        return new IncompleteMultinomial(table, true, 0);
    }

    /** A model of records that hold the code of the one cell that was observed, see {@link Observations#category}. */
    public static IncompleteMultinomial ofSingleCells(CellTable table) {
        return new IncompleteMultinomial(table, false, 0);
    }

    /**
     * The same with a Dirichlet prior on every group, for MAP.
     *
     * @param strength pseudo-observations, spread equally over the members of a group; each is one draw of a member, of
     *     which a latent cell counts as many as its exponents say (a genotype is two draws of an allele)
     */
    public IncompleteMultinomial withPrior(double strength) {
        return new IncompleteMultinomial(table, counted, strength);
    }

    /** The cells. */
    public CellTable table() {
        return table;
    }

    @Override
    public int width() {
        return counted ? table.cells().size() : 1;
    }

    @Override
    public List<Domain> domains() {
        return Collections.nCopies(width(), counted ? Domain.NON_NEGATIVE : Domain.CATEGORY);
    }

    @Override
    public boolean acceptsMissing() {
        return false;
    }

    @Override
    public Problem problem(Observations records, int index) {
        Problem problem = Model.super.problem(records, index);
        if (problem != null) {
            return problem;
        }
        if (!counted) {
            return table.cellOf(records.value(index, 0)) < 0
                    ? new Problem(0, "one of the cells " + String.join(", ", table.cells()))
                    : null;
        }
        for (int c = 0; c < width(); c++) {
            if (records.value(index, c) > CellEStep.LARGEST_COUNT) {
                return new Problem(c, "a count of at most " + CellEStep.LARGEST_COUNT);
            }
        }
        return null;
    }

    /** Number of latent cells. */
    @Override
    public int components() {
        return latentCells.size();
    }

    @Override
    public int statisticsLength() {
        return latentCells.size();
    }

    @Override
    public int degreesOfFreedom() {
        return table.groups().stream().mapToInt(group -> group.size() - 1).sum();
    }

    @Override
    public EStep eStep(CellParameters parameters) {
        return new CellEStep(table, new CellShares(table, parameters.probabilities()), counted);
    }

    @Override
    public CellParameters mStep(double[] statistics, double observations, CellParameters current) {
        double[] drawn = new double[current.probabilities().length];
        for (int j = 0; j < statistics.length; j++) {
            int[] exponents = latentCells.get(j).exponents();
            for (int l = 0; l < drawn.length; l++) {
                drawn[l] += exponents[l] * statistics[j];
            }
        }
        int from = 0;
        for (CellTable.Group group : table.groups()) {
            int to = from + group.size();
            double total = 0;
            for (int l = from; l < to; l++) {
                drawn[l] += priorStrength / group.size() / observations;
                total += drawn[l];
            }
            if (total > 0) {
                Probabilities.normalise(drawn, from, to, SMALLEST_PROBABILITY);
            } else {
                System.arraycopy(current.probabilities(), from, drawn, from, group.size());
            }
            complement(group, drawn, from);
            from = to;
        }
        return new CellParameters(table, drawn);
    }

    /** A complement is the difference, to the last bit: it is neither written nor read. */
    private static void complement(CellTable.Group group, double[] probabilities, int from) {
        if (group.complementary()) {
            probabilities[from + 1] = 1 - probabilities[from];
        }
    }

    @Override
    public double[] statistics(CellParameters parameters) {
        return new CellShares(table, parameters.probabilities()).latent().clone();
    }

    @Override
    public double logPrior(CellParameters parameters) {
        double sum = 0;
        int l = 0;
        if (priorStrength > 0) {
            for (CellTable.Group group : table.groups()) {
                for (int last = l + group.size(); l < last; l++) {
                    sum += priorStrength / group.size() * Math.log(parameters.probabilities()[l]);
                }
            }
        }
        return sum;
    }

    /** Every group drawn uniformly among all of its size; the sample is not looked at. */
    @Override
    public CellParameters start(Observations sample, RandomGenerator random) {
        double[] drawn = table.draw(random);
        int from = 0;
        for (CellTable.Group group : table.groups()) {
            Probabilities.normalise(drawn, from, from + group.size(), SMALLEST_PROBABILITY);
            complement(group, drawn, from);
            from += group.size();
        }
        return new CellParameters(table, drawn);
    }

    /** Never: the likelihood of counts is bounded. */
    @Override
    public boolean isDegenerate(CellParameters parameters, double observations) {
        return false;
    }

    @Override
    public CellParameters read(Fields fields) {
        Fields byName = fields.nested("probabilities");
        for (String name : byName.names()) {
            if (!given().contains(name)) {
                throw new IllegalArgumentException(
                        "probabilities hold '" + name + "'; expected one number for each of " + given());
            }
        }
        double[] probabilities = new double[table.probabilities().size()];
        int from = 0;
        for (CellTable.Group group : table.groups()) {
            read(byName, group, probabilities, from);
            from += group.size();
        }
        return new CellParameters(table, probabilities);
    }

    /** The names that are read and written. */
    private List<String> given() {
        return table.groups().stream()
                .flatMap(group -> group.members().stream().limit(group.complementary() ? 1 : group.size()))
                .toList();
    }

    private void read(Fields byName, CellTable.Group group, double[] into, int from) {
        double total = 0;
        boolean low = false;
        for (int i = 0; i < group.size(); i++) {
            String name = group.members().get(i);
            if (i == 1 && group.complementary()) {
                into[from + 1] = 1 - into[from];
            } else if (!(byName.get(name) instanceof Double number && number >= 0 && number <= 1)) {
                throw new IllegalArgumentException("probability " + name + " is "
                        + (byName.has(name) ? byName.get(name) : "missing") + "; expected a number from 0 to 1");
            } else {
                into[from + i] = number;
            }
            total += into[from + i];
            // half of it, because the complement of a large probability is rounded
            low |= into[from + i] < SMALLEST_PROBABILITY / 2;
        }
        if (Math.abs(total - 1) > 1e-6) {
            throw new IllegalArgumentException("probabilities of the group " + group.members() + " are "
                    + Arrays.toString(Arrays.copyOfRange(into, from, from + group.size())) + ", which sum to " + total
                    + "; expected a sum of 1");
        }
        if (low) {
            Probabilities.normalise(into, from, from + group.size(), SMALLEST_PROBABILITY);
            complement(group, into, from);
        }
    }
}

package io.onlineem.multinomial;

import io.onlineem.em.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The observed cells of a multinomial, each a known sum of latent cells, and the probabilities on which they depend.
 *
 * <p>Probabilities come in groups; those of a group sum to one. A group of one name, {@code p}, is the group of {@code p}
 * and its complement {@code 1-p}. The probability of a latent cell is a term {@code a Π_l π_l^e_l}: a positive number times
 * a product of probabilities with whole exponents. Two configurations in full:
 *
 * <pre>
 *   probabilities  A,B,O
 *   cells          A = A^2 + 2 A O; B = B^2 + 2 B O; AB = 2 A B; O = O^2
 *
 *   probabilities  p
 *   cells          AB = 1/2 + p/4; Ab = (1-p)/4; aB = (1-p)/4; ab = p/4
 * </pre>
 *
 * <p>Groups are separated by semicolons, their members by commas; cells by semicolons. {@code *} may be left out, products
 * and quotients are read from left to right ({@code 1/2 p} is half of p), products of sums are expanded and like terms
 * collected. Differences are read only as complements, {@code (1-p)} or {@code (1-A-B)}: the sum of the group's other
 * members. Cells of several samples that depend on the same probabilities (crosses of two kinds; a table with supplementary
 * margins) are separated by {@code |}; the cells of each sample sum to one, identically in the probabilities.
 *
 * <p>Latent cells are numbered in the order in which their terms are written, cell by cell. Immutable and thread-safe.
 */
public final class CellTable {

    /** How far from one the cells of a sample may sum, for fractions that were rounded when they were written. */
    private static final double SUM_TOLERANCE = 1e-9;

    /** Points at which sums are taken; a polynomial that is not constantly one is one at none of them. */
    private static final int POINTS = 8;

    private final List<Group> groups;
    private final List<Cell> cells;
    private final int samples;

    /** Codes of the cells' names, ascending, and where the cell of each is. */
    private final double[] codes;

    private final int[] cellOfCode;

    /**
     * Probabilities that sum to one.
     *
     * @param members their names, at least two
     * @param complementary whether the second is the complement of the first, and has no name of its own
     */
    record Group(List<String> members, boolean complementary) {

        static Group of(List<String> names) {
            return names.size() == 1
                    ? new Group(List.of(names.get(0), "1-" + names.get(0)), true)
                    : new Group(List.copyOf(names), false);
        }

        int size() {
            return members.size();
        }
    }

    /** An observed cell: its name, the number of its sample, its latent cells. */
    record Cell(String name, int sample, List<Polynomial.Term> terms) {}

    private CellTable(List<Group> groups, List<Cell> cells) {
        this.groups = List.copyOf(groups);
        this.cells = List.copyOf(cells);
        this.samples = (int) cells.stream().map(Cell::sample).distinct().count();
        this.codes = cells.stream()
                .mapToDouble(cell -> Observations.category(cell.name()))
                .sorted()
                .toArray();
        this.cellOfCode = new int[codes.length];
        for (int c = 0; c < codes.length; c++) {
            cellOfCode[
                    Arrays.binarySearch(
                            codes, Observations.category(cells.get(c).name()))] = c;
        }
    }

    /**
     * Reads a table.
     *
     * @param probabilities groups of names, such as {@code p,q; A,B,O}
     * @param cells the observed cells, such as {@code Aa = 2 p q; other = p^2 + q^2}
     * @throws IllegalArgumentException if they cannot be read, name the place and what was expected; or if the cells do not
     *     sum to one
     */
    public static CellTable read(String probabilities, String cells) {
        List<Group> groups = CellNotation.groups(probabilities);
        CellTable table = new CellTable(groups, CellNotation.cells(groups, cells));
        table.requireUse();
        table.requireSumsOfOne();
        return table;
    }

    private void requireUse() {
        List<String> names = probabilities();
        for (int l = 0; l < names.size(); l++) {
            int index = l;
            if (cells.stream().flatMap(cell -> cell.terms().stream()).allMatch(term -> term.exponents()[index] == 0)) {
                throw new IllegalArgumentException(
                        "the probability " + names.get(l)
                                + " occurs in no cell, so that nothing can be learned of it; expected it in a cell, or not at all");
            }
        }
    }

    private void requireSumsOfOne() {
        SplittableRandom random = new SplittableRandom(1);
        for (int point = 0; point < POINTS; point++) {
            double[] probabilities = draw(random);
            double[] logs = logs(probabilities);
            double[] sums = new double[samples];
            for (Cell cell : cells) {
                for (Polynomial.Term term : cell.terms()) {
                    sums[cell.sample()] += Math.exp(term.log(logs));
                }
            }
            for (int sample = 0; sample < samples; sample++) {
                if (!(Math.abs(sums[sample] - 1) <= SUM_TOLERANCE)) {
                    int index = sample;
                    List<String> names = cells.stream()
                            .filter(cell -> cell.sample() == index)
                            .map(Cell::name)
                            .toList();
                    throw new IllegalArgumentException("the probabilities of the cells " + names + " sum to "
                            + sums[sample] + " at " + at(probabilities)
                            + "; expected 1 whatever the probabilities are; is a cell missing, or a factor? Fractions are"
                            + " written as 1/3, not as 0.333");
                }
            }
        }
    }

    private String at(double[] probabilities) {
        List<String> names = probabilities();
        List<String> values = new ArrayList<>();
        for (int l = 0; l < probabilities.length; l++) {
            values.add(names.get(l) + " = " + (float) probabilities[l]);
        }
        return String.join(", ", values);
    }

    /**
     * The same table with its cells in another order, in which records hold their counts.
     *
     * @throws IllegalArgumentException if the names are not those of the cells
     */
    public CellTable ordered(List<String> names) {
        if (names.size() != cells.size() || !new HashSet<>(names).equals(Set.copyOf(cells()))) {
            throw new IllegalArgumentException(
                    "features are " + names + "; expected for counts the names of the cells, " + cells()
                            + ", each once; or one feature that names the cell of each record");
        }
        return new CellTable(
                groups,
                names.stream().map(name -> cells.get(cells().indexOf(name))).toList());
    }

    /** Names of the observed cells, in the order in which records hold their counts. */
    public List<String> cells() {
        return cells.stream().map(Cell::name).toList();
    }

    /** Which observed cell a {@linkplain Observations#category code} names; negative if none. */
    int cellOf(double code) {
        int found = Arrays.binarySearch(codes, code);
        return found < 0 ? found : cellOfCode[found];
    }

    /** Names of the probabilities, group after group; that of a complement is {@code 1-p}. */
    public List<String> probabilities() {
        return groups.stream().flatMap(group -> group.members().stream()).toList();
    }

    List<Group> groups() {
        return groups;
    }

    /** The latent cells, those of the first observed cell first. */
    List<Polynomial.Term> latentCells() {
        return cells.stream().flatMap(cell -> cell.terms().stream()).toList();
    }

    /** How many latent cells each observed cell has. */
    int[] latentCounts() {
        return cells.stream().mapToInt(cell -> cell.terms().size()).toArray();
    }

    /** Number of samples, each of which has cells that sum to one. */
    int samples() {
        return samples;
    }

    /** Every group drawn uniformly among all of its size. */
    double[] draw(RandomGenerator random) {
        double[] drawn = new double[probabilities().size()];
        int from = 0;
        for (Group group : groups) {
            double total = 0;
            for (int l = from; l < from + group.size(); l++) {
                // an exponential variable each, normalised: Dirichlet(1, …, 1)
                drawn[l] = -Math.log(1 - random.nextDouble());
                total += drawn[l];
            }
            for (int l = from; l < from + group.size(); l++) {
                drawn[l] /= total;
            }
            from += group.size();
        }
        return drawn;
    }

    static double[] logs(double[] probabilities) {
        return Arrays.stream(probabilities).map(Math::log).toArray();
    }
}

package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Different families for different numbers of one record, independent given the component,
 *
 * <pre>  f(x; θ_k) = Π_f f_f(x_f; θ_fk):</pre>
 *
 * what events look like, an amount beside a time of day beside a country. A record consists of those of the factors, one
 * after another, and so do the statistics. A factor of which nothing is observed is left out.
 */
public final class ProductFamily implements Family<ProductParameters> {

    /** The field that holds the factors' parameters, by name. */
    static final String FACTORS = "factors";

    private final List<String> names;
    private final List<Factor<?>> factors = new ArrayList<>();
    private final int width;

    /**
     * A product.
     *
     * @param families the factors by name, in the order of their numbers in a record; at least one
     */
    public ProductFamily(Map<String, Family<?>> families) {
        if (families.isEmpty()) {
            throw new IllegalArgumentException("a product has no factors; expected at least one");
        }
        names = List.copyOf(families.keySet());
        int column = 0;
        for (Family<?> family : families.values()) {
            factors.add(new Factor<>(family, column));
            column += family.width();
        }
        width = column;
    }

    /** One family, and where its numbers begin in a record. Gives its parameters their type back. */
    private record Factor<P extends FamilyParameters>(Family<P> family, int column) {

        @SuppressWarnings("unchecked")
        private P typed(ProductParameters parameters, int index) {
            return (P) parameters.factors().get(index);
        }

        Observations part(Observations records) {
            return records.columns(column, family.width());
        }

        double[][] features(Observations sample, ProductParameters pooled, int index) {
            return family.features(part(sample), typed(pooled, index));
        }

        P fit(double[] statistics, int from, double observations, ProductParameters current, int index) {
            return family.fit(statistics, from, observations, typed(current, index));
        }

        double[] statistics(ProductParameters parameters, ProductParameters coordinates, int index, double[] weights) {
            return family.statistics(typed(parameters, index), typed(coordinates, index), weights);
        }

        double logLikelihood(double[] statistics, int from, ProductParameters parameters, int index) {
            return family.logLikelihood(statistics, from, typed(parameters, index));
        }

        int degreesOfFreedom(ProductParameters parameters, int index) {
            return family.degreesOfFreedom(typed(parameters, index));
        }

        double logPrior(ProductParameters parameters, int index) {
            return family.logPrior(typed(parameters, index));
        }

        Emissions prepare(ProductParameters parameters, int index) {
            return family.prepare(typed(parameters, index));
        }

        double[][] deviations(ProductParameters parameters, int index) {
            return family.deviations(typed(parameters, index));
        }

        boolean isDegenerate(ProductParameters parameters, int index, double[] counts) {
            return family.isDegenerate(typed(parameters, index), counts);
        }
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public List<Domain> domains() {
        List<Domain> domains = new ArrayList<>();
        factors.forEach(factor -> domains.addAll(factor.family().domains()));
        return domains;
    }

    @Override
    public boolean isGiven(int position) {
        for (Factor<?> factor : factors) {
            int within = position - factor.column();
            if (within >= 0 && within < factor.family().width()) {
                return factor.family().isGiven(within);
            }
        }
        return false;
    }

    @Override
    public Problem problem(double[] values, int offset) {
        for (Factor<?> factor : factors) {
            Problem problem = factor.family().problem(values, offset + factor.column());
            if (problem != null) {
                return new Problem(factor.column() + problem.position(), problem.expected());
            }
        }
        return null;
    }

    @Override
    public int statisticsLength(int components) {
        return factors.stream()
                .mapToInt(factor -> factor.family().statisticsLength(components))
                .sum();
    }

    @Override
    public int degreesOfFreedom(int components) {
        return factors.stream()
                .mapToInt(factor -> factor.family().degreesOfFreedom(components))
                .sum();
    }

    @Override
    public int degreesOfFreedom(ProductParameters parameters) {
        int sum = 0;
        for (int f = 0; f < factors.size(); f++) {
            sum += factors.get(f).degreesOfFreedom(parameters, f);
        }
        return sum;
    }

    @Override
    public ProductParameters pooled(Observations sample, int components) {
        List<FamilyParameters> pooled = new ArrayList<>();
        for (Factor<?> factor : factors) {
            pooled.add(factor.family().pooled(factor.part(sample), components));
        }
        return new ProductParameters(components, names, pooled);
    }

    @Override
    public double[][] features(Observations sample, ProductParameters pooled) {
        double[][] features = new double[sample.size()][];
        for (int f = 0; f < factors.size(); f++) {
            double[][] more = factors.get(f).features(sample, pooled, f);
            for (int i = 0; i < features.length; i++) {
                features[i] = f == 0 ? more[i] : joined(features[i], more[i]);
            }
        }
        return features;
    }

    private static double[] joined(double[] one, double[] other) {
        double[] joined = new double[one.length + other.length];
        System.arraycopy(one, 0, joined, 0, one.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }

    @Override
    public ProductParameters fit(double[] statistics, int from, double observations, ProductParameters current) {
        List<FamilyParameters> fitted = new ArrayList<>();
        int at = from;
        for (int f = 0; f < factors.size(); f++) {
            fitted.add(factors.get(f).fit(statistics, at, observations, current, f));
            at += factors.get(f).family().statisticsLength(current.components());
        }
        return new ProductParameters(current.components(), names, fitted);
    }

    @Override
    public double[] statistics(ProductParameters parameters, ProductParameters coordinates, double[] weights) {
        double[] statistics = {};
        for (int f = 0; f < factors.size(); f++) {
            statistics = joined(statistics, factors.get(f).statistics(parameters, coordinates, f, weights));
        }
        return statistics;
    }

    @Override
    public double logLikelihood(double[] statistics, int from, ProductParameters parameters) {
        double logLikelihood = 0;
        int at = from;
        for (int f = 0; f < factors.size(); f++) {
            logLikelihood += factors.get(f).logLikelihood(statistics, at, parameters, f);
            at += factors.get(f).family().statisticsLength(parameters.components());
        }
        return logLikelihood;
    }

    @Override
    public double logPrior(ProductParameters parameters) {
        double logPrior = 0;
        for (int f = 0; f < factors.size(); f++) {
            logPrior += factors.get(f).logPrior(parameters, f);
        }
        return logPrior;
    }

    @Override
    public void addComponent(
            double[] source,
            int sourceFrom,
            int k,
            double factor,
            double[] target,
            int targetFrom,
            int l,
            int components) {
        int at = 0;
        for (Factor<?> part : factors) {
            part.family().addComponent(source, sourceFrom + at, k, factor, target, targetFrom + at, l, components);
            at += part.family().statisticsLength(components);
        }
    }

    @Override
    public Emissions prepare(ProductParameters parameters) {
        return new ProductEmissions(parameters);
    }

    /** Each factor's densities, side by side. */
    private final class ProductEmissions implements Emissions {
        private final int components;
        private final Emissions[] parts;
        private final int[] columns;

        /** Where the statistics of each factor begin. */
        private final int[] offsets;

        private final double[] logDensities;

        /** Made with the first block: its windows, and densities of one factor. */
        private Lanes block;

        private Lanes[] windows;
        private double[][] ofPart;

        ProductEmissions(ProductParameters parameters) {
            components = parameters.components();
            parts = new Emissions[factors.size()];
            columns = new int[factors.size()];
            offsets = new int[factors.size()];
            int at = 0;
            for (int f = 0; f < parts.length; f++) {
                parts[f] = factors.get(f).prepare(parameters, f);
                columns[f] = factors.get(f).column();
                offsets[f] = at;
                at += factors.get(f).family().statisticsLength(components);
            }
            logDensities = new double[components];
        }

        @Override
        public void logDensities(double[] values, int offset, double[] into) {
            parts[0].logDensities(values, offset, into);
            for (int f = 1; f < parts.length; f++) {
                parts[f].logDensities(values, offset + columns[f], logDensities);
                for (int k = 0; k < components; k++) {
                    into[k] += logDensities[k];
                }
            }
        }

        @Override
        public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
            for (int f = 0; f < parts.length; f++) {
                parts[f].accumulate(values, offset + columns[f], responsibilities, statistics, from + offsets[f]);
            }
        }

        @Override
        public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
            for (int f = 0; f < parts.length; f++) {
                into.shift(columns[f]);
                parts[f].impute(values, offset + columns[f], probabilities, into);
            }
            into.shift(0);
        }

        @Override
        public void logDensities(Lanes records, double[][] into) {
            if (block != records) {
                open(records);
            }
            parts[0].logDensities(windows[0], into);
            for (int f = 1; f < parts.length; f++) {
                parts[f].logDensities(windows[f], ofPart);
                for (int k = 0; k < components; k++) {
                    Lanes.add(ofPart[k], into[k], records.size());
                }
            }
        }

        private void open(Lanes records) {
            block = records;
            windows = new Lanes[parts.length];
            for (int f = 0; f < parts.length; f++) {
                windows[f] = records.window(columns[f], factors.get(f).family().width());
            }
            ofPart = new double[components][Lanes.SIZE];
        }

        @Override
        public void accumulate(double[][] responsibilities, double[] statistics, int from) {
            for (int f = 0; f < parts.length; f++) {
                parts[f].accumulate(responsibilities, statistics, from + offsets[f]);
            }
        }
    }

    @Override
    public double[][] deviations(ProductParameters parameters) {
        double[][] deviations = new double[parameters.components()][width];
        for (int f = 0; f < factors.size(); f++) {
            double[][] part = factors.get(f).deviations(parameters, f);
            for (int k = 0; k < deviations.length; k++) {
                System.arraycopy(part[k], 0, deviations[k], factors.get(f).column(), part[k].length);
            }
        }
        return deviations;
    }

    @Override
    public boolean isDegenerate(ProductParameters parameters, double[] counts) {
        for (int f = 0; f < factors.size(); f++) {
            if (factors.get(f).isDegenerate(parameters, f, counts)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ProductParameters read(Fields fields, int components) {
        Fields nested = fields.nested(FACTORS);
        List<FamilyParameters> read = new ArrayList<>();
        for (int f = 0; f < factors.size(); f++) {
            String name = names.get(f);
            try {
                read.add(factors.get(f).family().read(nested.nested(name), components));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(FACTORS + "." + name + ": " + e.getMessage(), e);
            }
        }
        return new ProductParameters(components, names, read);
    }
}

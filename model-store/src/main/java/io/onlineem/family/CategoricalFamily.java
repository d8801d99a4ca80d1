package io.onlineem.family;

import io.onlineem.em.CategoryIndex;
import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One of C categories, {@code log f(x; p) = log p_x}. A record holds the {@linkplain Observations#category code} of a text.
 *
 * <p>The categories are named, or they are the most frequent texts of the first sample. Whatever is not one of them belongs to
 * the category {@value #OTHER}, which learned categories always have, so that every text that comes later has its place;
 * named ones have it if asked for, and otherwise take no other text.
 *
 * <p>Statistics, for component k with responsibilities r: {@code Σ r} for every category, in the order in which the parameters
 * name them; of learned categories there may be fewer than there is room for.
 *
 * <p>No probability falls below {@value ProbabilityRows#SMALLEST}. The pooled probabilities, where a prior without a location
 * has its own, are those of the sample and one more record that is spread over all categories alike, so that with a prior
 * of any strength no category is as good as impossible.
 */
public final class CategoricalFamily implements Family<CategoricalParameters> {

    /** The category of all that is not named. */
    public static final String OTHER = "other";

    /** How many categories are learned if nothing else is said. */
    static final int DEFAULT_NUMBER = 20;

    /** Empty if they are learned; with {@link #OTHER} last if there is that. */
    private final List<String> named;

    private final boolean hasOther;
    private final int room;
    private final Set<Double> codes = new HashSet<>();

    private CategoricalFamily(List<String> named, boolean hasOther, int room) {
        if (room < 2) {
            throw new IllegalArgumentException(
                    "categories are " + named + "; expected at least 2, " + OTHER + " included");
        }
        requireDistinct(named);
        this.named = List.copyOf(named);
        this.hasOther = hasOther;
        this.room = room;
        named.forEach(name -> codes.add(Observations.category(name)));
    }

    /**
     * Categories of those names.
     *
     * @param other whether other texts are taken, as {@link #OTHER}
     */
    public static CategoricalFamily named(List<String> names, boolean other) {
        List<String> all = new ArrayList<>(names);
        if (other) {
            all.remove(OTHER);
            all.add(OTHER);
        }
        return new CategoricalFamily(all, other, all.size());
    }

    /** The most frequent texts of the first sample, up to that number, and {@link #OTHER}. */
    public static CategoricalFamily learned(int number) {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "number of categories is " + number + "; expected at least 1 beside " + OTHER);
        }
        return new CategoricalFamily(List.of(), true, number + 1);
    }

    private static void requireDistinct(List<String> names) {
        if (new HashSet<>(names).size() < names.size() || names.contains("")) {
            throw new IllegalArgumentException("categories are " + names + "; expected each name once and none empty");
        }
    }

    private boolean isLearned() {
        return named.isEmpty();
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public List<Domain> domains() {
        return List.of(Domain.CATEGORY);
    }

    @Override
    public Problem problem(double[] values, int offset) {
        double code = values[offset];
        return hasOther || Double.isNaN(code) || codes.contains(code)
                ? null
                : new Problem(0, "one of " + String.join(", ", named));
    }

    @Override
    public int statisticsLength(int components) {
        return components * room;
    }

    /** Statistics of one component. */
    int room() {
        return room;
    }

    /** {@inheritDoc} Of learned categories, those of as many as there is room for. */
    @Override
    public int degreesOfFreedom(int components) {
        return components * (room - 1);
    }

    @Override
    public int degreesOfFreedom(CategoricalParameters parameters) {
        return parameters.components() * (parameters.categories().size() - 1);
    }

    @Override
    public CategoricalParameters pooled(Observations sample, int components) {
        Map<Double, Double> weights = new TreeMap<>();
        for (int i = 0; i < sample.size(); i++) {
            double code = sample.value(i, 0);
            if (!Double.isNaN(code)) {
                weights.merge(code, sample.weight(i), Double::sum);
            }
        }
        List<String> categories = isLearned() ? mostFrequent(weights, sample.categories()) : named;
        double[] counts = new double[categories.size()];
        Arrays.fill(counts, 1.0 / counts.length);
        CategoryIndex index = index(categories);
        weights.forEach((code, weight) -> {
            int category = index.of(code);
            if (category < counts.length) {
                counts[category] += weight;
            }
        });
        double[][] probabilities = new double[components][];
        Arrays.fill(probabilities, ProbabilityRows.fit(counts, 0, counts.length, counts));
        return new CategoricalParameters(categories, probabilities);
    }

    private List<String> mostFrequent(Map<Double, Double> weights, Map<Double, String> texts) {
        List<String> categories = new ArrayList<>();
        weights.entrySet().stream()
                .filter(entry -> texts.containsKey(entry.getKey()))
                .sorted(Map.Entry.<Double, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(entry -> texts.get(entry.getKey())))
                .map(entry -> texts.get(entry.getKey()))
                .filter(text -> !text.equals(OTHER) && !text.isEmpty())
                .limit(room - 1)
                .forEach(categories::add);
        categories.add(OTHER);
        return categories;
    }

    /** One column for every category. */
    @Override
    public double[][] features(Observations sample, CategoricalParameters pooled) {
        int size = pooled.categories().size();
        CategoryIndex index = index(pooled.categories());
        double[][] features = new double[sample.size()][size];
        for (int i = 0; i < features.length; i++) {
            double code = sample.value(i, 0);
            if (Double.isNaN(code)) {
                Arrays.fill(features[i], Double.NaN);
            } else if (index.of(code) < size) {
                features[i][index.of(code)] = 1;
            }
        }
        Standardisation.apply(features, 0, size, sample);
        return features;
    }

    @Override
    public CategoricalParameters fit(
            double[] statistics, int from, double observations, CategoricalParameters current) {
        double[][] probabilities = new double[current.components()][];
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = ProbabilityRows.fit(
                    statistics, from + k * room, current.categories().size(), current.probabilities()[k]);
        }
        return new CategoricalParameters(current.categories(), probabilities);
    }

    @Override
    public double[] statistics(CategoricalParameters parameters, CategoricalParameters coordinates, double[] weights) {
        double[] statistics = new double[statisticsLength(parameters.components())];
        CategoryIndex index = index(coordinates.categories());
        for (int c = 0; c < parameters.categories().size(); c++) {
            int at = index.of(Observations.category(parameters.categories().get(c)));
            for (int k = 0; k < parameters.components(); k++) {
                statistics[k * room + at] += weights[k] * parameters.probabilities()[k][c];
            }
        }
        return statistics;
    }

    /** {@inheritDoc} Here {@code Σ_k Σ_c Σ r [x = c] log p_kc}. */
    @Override
    public double logLikelihood(double[] statistics, int from, CategoricalParameters parameters) {
        double logLikelihood = 0;
        for (int k = 0; k < parameters.components(); k++) {
            double[] logs = ProbabilityRows.logs(parameters.probabilities()[k]);
            for (int c = 0; c < logs.length; c++) {
                logLikelihood += statistics[from + k * room + c] * logs[c];
            }
        }
        return logLikelihood;
    }

    @Override
    public Emissions prepare(CategoricalParameters parameters) {
        return new CategoricalEmissions(parameters, index(parameters.categories()), room);
    }

    /** {@inheritDoc} The likelihood of categories is bounded. */
    @Override
    public boolean isDegenerate(CategoricalParameters parameters, double[] counts) {
        return false;
    }

    @Override
    public CategoricalParameters read(Fields fields, int components) {
        List<String> categories = isLearned() || fields.has(CategoricalParameters.CATEGORIES)
                ? fields.texts(CategoricalParameters.CATEGORIES)
                : named;
        requireDistinct(categories);
        if (isLearned() ? !categories.contains(OTHER) || categories.size() > room : !isNamed(categories)) {
            throw new IllegalArgumentException(CategoricalParameters.CATEGORIES + " are " + categories + "; expected "
                    + (isLearned() ? "at most " + room + " names, of which one is " + OTHER : "" + named));
        }
        return new CategoricalParameters(categories, ProbabilityRows.read(fields, components, categories.size()));
    }

    /** Texts that are none of the categories are {@link #OTHER}, or stand after the last. */
    private CategoryIndex index(List<String> categories) {
        return new CategoryIndex(categories, hasOther ? categories.indexOf(OTHER) : categories.size());
    }

    private boolean isNamed(List<String> categories) {
        return categories.size() == named.size() && new HashSet<>(categories).containsAll(named);
    }
}

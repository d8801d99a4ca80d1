package io.onlineem.live;

import io.onlineem.catalog.Components;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Fields;
import io.onlineem.em.ModelState;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.family.CategoricalParameters;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.PriorParameters;
import io.onlineem.family.ProductParameters;
import io.onlineem.family.StudentTParameters;
import io.onlineem.hmm.HmmParameters;
import io.onlineem.mixture.MixtureParameters;
import io.onlineem.statespace.StateSpace;
import io.onlineem.topic.LdaParameters;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A version of a model as it is drawn: what of its parameters can be seen, the first {@value #MOST_FEATURES} features and the
 * {@value #MOST_COMPONENTS} heaviest components, with seven digits. docs/http.md describes the JSON. Immutable.
 */
final class Portrait {

    static final int MOST_FEATURES = 64;
    static final int MOST_COMPONENTS = 32;
    static final int MOST_CATEGORIES = 40;
    static final int TOP_WORDS = 10;
    private static final int MOST_STATES = 16;

    /** Standard deviations from which on a value is worth a word. */
    private static final double LEAST_WEIGHT = 1.5;

    private static final String PERIOD = "period";

    private static final JsonFactory FACTORY = new JsonFactory();

    private final PublishedModel<?> model;
    private final long time;
    private final Optional<Components> components;
    private final Map<Integer, CategoricalParameters> categories;

    /** Of the features that are angles or times of day. */
    private final Map<Integer, Double> periods;

    private final byte[] json;

    private Portrait(
            PublishedModel<?> model,
            long time,
            Optional<Components> components,
            Map<Integer, CategoricalParameters> categories,
            Map<Integer, Double> periods,
            int[] shown) {
        this.model = model;
        this.time = time;
        this.components = components;
        this.categories = categories;
        this.periods = periods;
        this.json = write(generator -> write(generator, shown));
    }

    /** @param time when it was learned, in milliseconds */
    static Portrait of(PublishedModel<?> model, long time) {
        Parameters parameters = model.parameters();
        Optional<Components> components = Components.of(model.spec(), parameters);
        Map<Integer, CategoricalParameters> categories = new LinkedHashMap<>();
        emissions(parameters)
                .ifPresent(emissions -> eachFactor(model.spec(), emissions, (factor, first, part) -> {
                    if (part instanceof CategoricalParameters categorical) {
                        categories.put(first, categorical);
                    }
                }));
        double[] weights = parameters instanceof LdaParameters topics
                ? shares(topics)
                : components.map(Components::weights).orElse(new double[0]);
        return new Portrait(model, time, components, categories, periods(model.spec()), heaviest(weights));
    }

    /** The periods of the features that are angles or times of day. */
    static Map<Integer, Double> periods(ModelSpec spec) {
        Map<Integer, Double> periods = new LinkedHashMap<>();
        int first = 0;
        for (FamilySpec factor : spec.factors()) {
            if (factor.options().containsKey(PERIOD)) {
                for (int j = 0; j < factor.features().size(); j++) {
                    periods.put(first + j, Double.valueOf(factor.options().get(PERIOD)));
                }
            }
            first += factor.features().size();
        }
        return periods;
    }

    private static Optional<FamilyParameters> emissions(Parameters parameters) {
        if (parameters instanceof MixtureParameters<?> mixture) {
            return Optional.of(mixture.emissions());
        }
        return parameters instanceof HmmParameters<?> hmm ? Optional.of(hmm.emissions()) : Optional.empty();
    }

    private interface FactorVisitor {
        void visit(FamilySpec factor, int first, FamilyParameters parameters);
    }

    /** Parameters of every factor, and the index of its first feature. */
    private static void eachFactor(ModelSpec spec, FamilyParameters emissions, FactorVisitor visitor) {
        FamilyParameters all = withoutPrior(emissions);
        List<FamilySpec> factors = spec.factors();
        int first = 0;
        for (int f = 0; f < factors.size(); f++) {
            FamilyParameters part =
                    all instanceof ProductParameters product ? product.factors().get(f) : all;
            visitor.visit(factors.get(f), first, withoutPrior(part));
            first += factors.get(f).features().size();
        }
    }

    private static FamilyParameters withoutPrior(FamilyParameters parameters) {
        return parameters instanceof PriorParameters<?> prior ? prior.estimate() : parameters;
    }

    /** What part of all words is about each topic. */
    private static double[] shares(LdaParameters topics) {
        double[] shares = new double[topics.topics()];
        double[] counts = topics.wordCounts();
        for (int i = 0; i < counts.length; i++) {
            shares[i % shares.length] += counts[i];
        }
        double total = Arrays.stream(shares).sum();
        for (int k = 0; k < shares.length; k++) {
            shares[k] /= total;
        }
        return shares;
    }

    /** Indices of the heaviest, in ascending order. */
    private static int[] heaviest(double[] weights) {
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer k) -> -weights[k]))
                .limit(MOST_COMPONENTS)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    PublishedModel<?> model() {
        return model;
    }

    long version() {
        return model.version();
    }

    /** When it was learned, in milliseconds. */
    long time() {
        return time;
    }

    /** As JSON, in UTF-8; not to be changed. */
    byte[] json() {
        return json;
    }

    /**
     * A value of a record that the component nearest to it does not expect.
     *
     * @param feature its index
     * @param expected the mean; {@code NaN} for a category
     * @param category the most likely category; null for a number
     * @param deviations how many standard deviations the value is above the mean; {@code NaN} for a category
     * @param probability of the category; {@code NaN} for a number
     */
    record Reason(int feature, double expected, String category, double deviations, double probability) {

        /** On one scale: how many standard deviations a Gaussian would have to be off for the same density. */
        double weight() {
            return Double.isNaN(probability)
                    ? Math.abs(deviations)
                    : Math.sqrt(-2 * Math.log(Math.max(probability, 1e-12)));
        }
    }

    /**
     * What of a record is unexpected under its most likely component, or beside what was predicted where states are continuous;
     * the most unexpected first.
     */
    List<Reason> reasons(Sample sample, int most) {
        List<Reason> reasons = new ArrayList<>();
        if (!sample.scored().isWarmingUp()) {
            Posterior posterior = sample.scored().posterior();
            for (int j = 0; j < sample.values().length; j++) {
                reason(sample, posterior, j).ifPresent(reasons::add);
            }
        }
        reasons.sort(Comparator.comparingDouble(reason -> -reason.weight()));
        reasons.removeIf(reason -> reason.weight() < LEAST_WEIGHT);
        return reasons.subList(0, Math.min(most, reasons.size()));
    }

    private Optional<Reason> reason(Sample sample, Posterior posterior, int j) {
        if (posterior.outputs().get(StateSpace.PREDICTION) instanceof double[] predicted
                && posterior.outputs().get(StateSpace.PREDICTION_DEVIATION) instanceof double[] deviation) {
            return number(j, sample.values()[j] - predicted[j], predicted[j], deviation[j]);
        }
        int component = posterior.mostLikely();
        if (component < 0
                || components.isEmpty()
                || component >= components.get().means().length) {
            return Optional.empty();
        }
        CategoricalParameters categorical = categories.get(j);
        if (categorical != null) {
            String text = sample.texts() == null ? null : sample.texts()[j];
            return text == null ? Optional.empty() : Optional.of(reason(categorical, component, j, text));
        }
        double mean = components.get().means()[component][j];
        double difference = sample.values()[j] - mean;
        if (periods.containsKey(j)) {
            // the shorter way round
            difference = Math.IEEEremainder(difference, periods.get(j));
        }
        return number(j, difference, mean, components.get().deviations()[component][j]);
    }

    private static Optional<Reason> number(int j, double difference, double expected, double deviation) {
        double deviations = difference / deviation;
        return Double.isFinite(deviations)
                ? Optional.of(new Reason(j, expected, null, deviations, Double.NaN))
                : Optional.empty();
    }

    private static Reason reason(CategoricalParameters categorical, int component, int j, String text) {
        double[] probabilities = categorical.probabilities()[component];
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        // what has no category of its own is one of the last, which stands for all the rest
        int found = categorical.categories().indexOf(text);
        double probability = probabilities[found < 0 ? probabilities.length - 1 : found];
        return new Reason(j, Double.NaN, categorical.categories().get(best), Double.NaN, probability);
    }

    private interface Body {
        void write(JsonGenerator generator);
    }

    private static byte[] write(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            body.write(generator);
            generator.writeEndObject();
        }
        return out.toByteArray();
    }

    private void write(JsonGenerator generator, int[] shown) {
        generator.writeNumberProperty("version", model.version());
        generator.writeNumberProperty("time", time);
        generator.writeNumberProperty("observations", model.observations());
        Numbers.write(generator, "stepSize", model.stepSize());
        Numbers.write(generator, "meanLogLikelihood", model.meanLogLikelihood());
        generator.writeName("events");
        generator.writeStartArray();
        for (ModelState.Event event : model.events()) {
            generator.writeStartObject();
            generator.writeStringProperty("type", event.type().label());
            generator.writeNumberProperty("version", event.version());
            generator.writeEndObject();
        }
        generator.writeEndArray();
        components.ifPresent(all -> writeComponents(generator, all, shown));
        if (model.parameters() instanceof HmmParameters<?> hmm) {
            Numbers.write(generator, "initial", at(hmm.initial(), shown));
            double[][] transition = new double[shown.length][];
            for (int i = 0; i < shown.length; i++) {
                transition[i] = at(hmm.transition()[shown[i]], shown);
            }
            Numbers.write(generator, "transition", transition);
        } else if (model.parameters() instanceof LdaParameters topics) {
            writeTopics(generator, topics, shown);
        } else if (components.isEmpty()) {
            generator.writeName("parameters");
            write(generator, model.parameters().fields());
        }
    }

    private void writeComponents(JsonGenerator generator, Components all, int[] shown) {
        int features = Math.min(model.spec().features().size(), MOST_FEATURES);
        generator.writeName("components");
        generator.writeStartArray();
        for (int k : shown) {
            generator.writeStartObject();
            generator.writeNumberProperty("index", k);
            Numbers.write(generator, "weight", all.weights()[k]);
            Numbers.write(generator, "means", Arrays.copyOf(all.means()[k], features));
            Numbers.write(generator, "deviations", Arrays.copyOf(all.deviations()[k], features));
            generator.writeEndObject();
        }
        generator.writeEndArray();
        emissions(model.parameters()).ifPresent(emissions -> {
            generator.writeName("correlated");
            generator.writeStartArray();
            eachFactor(model.spec(), emissions, (factor, first, part) -> {
                int count = Math.min(factor.features().size(), features - first);
                if (part instanceof GaussianParameters gaussian
                        && factor.family().equals("gaussian")) {
                    writeCorrelated(generator, first, count, gaussian.covariances(), shown);
                } else if (part instanceof StudentTParameters student) {
                    writeCorrelated(generator, first, count, student.scales(), shown);
                }
            });
            generator.writeEndArray();
        });
        generator.writeName("categories");
        generator.writeStartArray();
        categories.forEach((feature, categorical) -> {
            if (feature < features) {
                writeCategories(generator, feature, categorical, shown);
            }
        });
        generator.writeEndArray();
    }

    /** Correlations below the diagonal, row by row, of every component shown. */
    private static void writeCorrelated(
            JsonGenerator generator, int first, int count, double[][][] covariances, int[] shown) {
        if (count < 2) {
            return;
        }
        generator.writeStartObject();
        generator.writeNumberProperty("first", first);
        generator.writeNumberProperty("count", count);
        generator.writeName("correlations");
        generator.writeStartArray();
        for (int k : shown) {
            double[][] covariance = covariances[k];
            generator.writeStartArray();
            for (int i = 1; i < count; i++) {
                for (int j = 0; j < i; j++) {
                    double correlation = covariance[i][j] / Math.sqrt(covariance[i][i] * covariance[j][j]);
                    Numbers.write(generator, Math.rint(correlation * 1000) / 1000);
                }
            }
            generator.writeEndArray();
        }
        generator.writeEndArray();
        generator.writeEndObject();
    }

    private static void writeCategories(
            JsonGenerator generator, int feature, CategoricalParameters categorical, int[] shown) {
        int count = Math.min(categorical.categories().size(), MOST_CATEGORIES);
        generator.writeStartObject();
        generator.writeNumberProperty("feature", feature);
        generator.writeName("names");
        generator.writeStartArray();
        categorical.categories().subList(0, count).forEach(generator::writeString);
        generator.writeEndArray();
        double[][] probabilities = new double[shown.length][];
        for (int i = 0; i < shown.length; i++) {
            probabilities[i] = Arrays.copyOf(categorical.probabilities()[shown[i]], count);
        }
        Numbers.write(generator, "probabilities", probabilities);
        generator.writeEndObject();
    }

    private static void writeTopics(JsonGenerator generator, LdaParameters topics, int[] shown) {
        double[] shares = shares(topics);
        generator.writeNumberProperty("words", topics.vocabulary().size());
        generator.writeName("topics");
        generator.writeStartArray();
        for (int k : shown) {
            generator.writeStartObject();
            generator.writeNumberProperty("index", k);
            Numbers.write(generator, "weight", shares[k]);
            generator.writeName("top");
            generator.writeStartArray();
            writeTop(generator, topics, k);
            generator.writeEndArray();
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    /** By a heap of so many: a vocabulary may have fifty thousand words, and most are in the top of nothing. */
    private static void writeTop(JsonGenerator generator, LdaParameters topics, int topic) {
        double[] probabilities = topics.wordProbabilities(topic);
        PriorityQueue<Integer> top = new PriorityQueue<>(Comparator.comparingDouble((Integer w) -> probabilities[w]));
        for (int w = 0; w < probabilities.length; w++) {
            if (top.size() < TOP_WORDS) {
                top.add(w);
            } else if (probabilities[w] > probabilities[top.peek()]) {
                top.poll();
                top.add(w);
            }
        }
        List<Integer> descending = new ArrayList<>(top);
        descending.sort(Comparator.comparingDouble((Integer w) -> -probabilities[w]));
        for (int w : descending) {
            generator.writeStartObject();
            generator.writeStringProperty("word", topics.vocabulary().words().get(w));
            Numbers.write(generator, "probability", probabilities[w]);
            generator.writeEndObject();
        }
    }

    private static double[] at(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(k -> values[k]).toArray();
    }

    /** Parameters of any other model, matrices cut to what a table can show. */
    private static void write(JsonGenerator generator, Fields fields) {
        generator.writeStartObject();
        for (String name : fields.names()) {
            Object value = fields.get(name);
            if (value instanceof Double number) {
                Numbers.write(generator, name, number);
            } else if (value instanceof double[] vector) {
                Numbers.write(generator, name, Arrays.copyOf(vector, Math.min(vector.length, MOST_FEATURES)));
            } else if (value instanceof double[][] matrix) {
                double[][] cut = new double[Math.min(matrix.length, MOST_STATES)][];
                for (int i = 0; i < cut.length; i++) {
                    cut[i] = Arrays.copyOf(matrix[i], Math.min(matrix[i].length, MOST_STATES));
                }
                Numbers.write(generator, name, cut);
            } else if (value instanceof Fields nested) {
                generator.writeName(name);
                write(generator, nested);
            }
        }
        generator.writeEndObject();
    }
}

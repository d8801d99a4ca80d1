package io.onlineem.family;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The families by name: where a new one is registered, and thereby known to configurations, codecs and commands. */
public final class Families {

    private static final String CATEGORIES = "categories";
    private static final String EXPOSURE = "exposure";
    private static final String OTHER = "other";
    private static final String PERIOD = "period";
    private static final String TRIALS = "trials";
    private static final String LEARNED = "learned";
    private static final String FREE = "free";
    private static final String TIED = "tied";

    private static final Map<String, String> OF_COVARIANCE = Map.of(
            "covariance", Covariance.FULL.label(),
            "covarianceFloor", Double.toString(GaussianFamily.DEFAULT_FLOOR));

    private static final Map<String, Entry> BY_NAME = new TreeMap<>(Map.ofEntries(
            Map.entry("bernoulli", ofFields(Map.of(), options -> new Bernoulli())),
            Map.entry("binomial", new Entry(true, Map.of(TRIALS, ""), Families::binomial)),
            Map.entry("categorical", new Entry(false, Map.of(CATEGORIES, "", OTHER, "false"), Families::categorical)),
            Map.entry("exponential", ofFields(Map.of(), options -> new Exponential())),
            Map.entry("gamma", ofFields(Map.of(), options -> new Gamma())),
            Map.entry(
                    "gaussian",
                    new Entry(
                            true,
                            OF_COVARIANCE,
                            (features, options) -> new GaussianFamily(
                                    features.size(),
                                    Covariance.of(options.get("covariance")),
                                    Options.number(options, "covarianceFloor")))),
            Map.entry(
                    "linear-regression",
                    new Entry(
                            true,
                            Map.of(
                                    "response",
                                    "",
                                    "variance",
                                    FREE,
                                    "varianceFloor",
                                    Double.toString(LinearRegressionFamily.DEFAULT_FLOOR)),
                            Families::linearRegression)),
            Map.entry(
                    "log-normal",
                    new Entry(
                            true,
                            OF_COVARIANCE,
                            (features, options) -> new LogNormalFamily(
                                    features.size(),
                                    Covariance.of(options.get("covariance")),
                                    Options.number(options, "covarianceFloor")))),
            Map.entry(
                    "multinomial",
                    new Entry(true, Map.of(), (features, options) -> new MultinomialFamily(features.size()))),
            Map.entry("poisson", new Entry(true, Map.of(EXPOSURE, ""), Families::poisson)),
            Map.entry(
                    "student-t",
                    new Entry(
                            true,
                            with(OF_COVARIANCE, "degreesOfFreedom", LEARNED),
                            (features, options) -> new StudentTFamily(
                                    features.size(),
                                    Covariance.of(options.get("covariance")),
                                    degreesOfFreedom(options.get("degreesOfFreedom")),
                                    Options.number(options, "covarianceFloor")))),
            Map.entry(
                    "von-mises",
                    ofFields(
                            Map.of(PERIOD, Double.toString(2 * Math.PI)),
                            options -> new VonMises(Options.number(options, PERIOD))))));

    private Families() {}

    private static Map<String, String> with(Map<String, String> defaults, String option, String value) {
        Map<String, String> more = new TreeMap<>(defaults);
        more.put(option, value);
        return more;
    }

    private static OptionalDouble degreesOfFreedom(String text) {
        try {
            return text.equals(LEARNED) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "degreesOfFreedom is '" + text + "'; expected " + LEARNED + " or a number above 0", e);
        }
    }

    private static Family<?> linearRegression(List<String> features, Map<String, String> options) {
        String response = options.get("response");
        int column = response.isEmpty() ? features.size() - 1 : features.indexOf(response);
        if (column < 0) {
            throw new IllegalArgumentException("response is '" + response + "'; expected one of " + features);
        }
        String variance = options.get("variance");
        if (!variance.equals(FREE) && !variance.equals(TIED)) {
            throw new IllegalArgumentException("variance is '" + variance + "'; expected free or tied");
        }
        return new LinearRegressionFamily(
                features.size(), column, variance.equals(TIED), Options.number(options, "varianceFloor"));
    }

    /** Makes a family for records of the named numbers. */
    private interface Factory {
        Family<?> create(List<String> features, Map<String, String> options);
    }

    private record Entry(boolean joint, Map<String, String> defaults, Factory factory) {}

    private static Entry ofFields(
            Map<String, String> defaults, Function<Map<String, String>, Univariate> distribution) {
        return new Entry(
                true,
                defaults,
                (features, options) -> new FieldwiseFamily(distribution.apply(options), features.size()));
    }

    private static Family<?> poisson(List<String> features, Map<String, String> options) {
        String exposure = options.get(EXPOSURE);
        return exposure.isEmpty()
                ? new FieldwiseFamily(new Poisson(false), features.size())
                : sized(new Poisson(true), features, exposure);
    }

    private static Family<?> binomial(List<String> features, Map<String, String> options) {
        String trials = options.get(TRIALS);
        if (features.contains(trials)) {
            return sized(new Binomial(0), features, trials);
        }
        if (!trials.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("trials is '" + trials + "'; expected a whole number of at least 1, the"
                    + " same for all records, or the field that holds it, one of " + features);
        }
        return new FieldwiseFamily(new Binomial(Double.parseDouble(trials)), features.size());
    }

    private static Family<?> categorical(List<String> features, Map<String, String> options) {
        if (features.size() > 1) {
            throw new IllegalArgumentException("a categorical family has the fields " + features
                    + "; expected one: give each of them a family of its own");
        }
        String other = options.get(OTHER);
        if (!Set.of("true", "false").contains(other)) {
            throw new IllegalArgumentException("other is '" + other + "'; expected true or false");
        }
        String categories = options.get(CATEGORIES);
        if (categories.isEmpty()) {
            return CategoricalFamily.learned(CategoricalFamily.DEFAULT_NUMBER);
        }
        if (categories.matches("[0-9]{1,6}")) {
            return CategoricalFamily.learned(Integer.parseInt(categories));
        }
        List<String> names =
                Arrays.stream(categories.split(",", -1)).map(String::strip).toList();
        return CategoricalFamily.named(names, Boolean.parseBoolean(other));
    }

    /** Fields of which one is the size of the others. */
    private static Family<?> sized(Univariate distribution, List<String> features, String size) {
        int column = features.indexOf(size);
        if (column < 0) {
            throw new IllegalArgumentException(
                    distribution.size() + " is '" + size + "'; expected one of the fields " + features);
        }
        return new FieldwiseFamily(distribution, features.size() - 1, column);
    }

    /** The names of all families. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /**
     * Whether several fields of this family make one factor, such as a vector with a covariance; otherwise each of them is
     * a factor of its own.
     */
    public static boolean isJoint(String name) {
        return entry(name).joint();
    }

    /** The names of the options of a family. */
    public static Set<String> options(String name) {
        return new TreeMap<>(entry(name).defaults()).keySet();
    }

    /**
     * Options with the defaults filled in and numbers in one form, so that equal families have equal options.
     *
     * @throws IllegalArgumentException if the name or an option is not known, or a number is none
     */
    public static Map<String, String> complete(String name, Map<String, String> options) {
        return Options.complete("the family " + name, entry(name).defaults(), options);
    }

    /**
     * Creates a family.
     *
     * @param options all of {@link #options(String)}
     * @throws IllegalArgumentException if the name or a value is not known; says what was expected
     */
    static Family<?> create(String name, List<String> features, Map<String, String> options, Optional<Prior> prior) {
        Family<?> family = entry(name).factory().create(features, options);
        return prior.isEmpty() ? family : new PriorFamily<>(family, prior.get());
    }

    private static Entry entry(String name) {
        Entry entry = BY_NAME.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("family is '" + name + "'; expected one of " + BY_NAME.keySet());
        }
        return entry;
    }
}

package io.onlineem.catalog;

import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.StepSize;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Options;
import io.onlineem.family.ProductFamily;
import io.onlineem.hmm.Hmm;
import io.onlineem.hmm.Initial;
import io.onlineem.hmm.Transitions;
import io.onlineem.mixture.LaggedMixture;
import io.onlineem.mixture.Mixture;
import io.onlineem.multinomial.CellTable;
import io.onlineem.multinomial.IncompleteMultinomial;
import io.onlineem.statespace.StateSpaceOptions;
import io.onlineem.topic.Lda;
import io.onlineem.topic.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The types of models by name: where a new one is registered. */
final class ModelTypes {

    private static final String MIXTURE = "mixture";
    private static final String WEIGHT_STRENGTH = "weightStrength";
    private static final String LAGS = "lags";

    /** Families of windows: their numbers depend on each other. */
    private static final Set<String> OF_WINDOWS = Set.of("gaussian", "student-t");

    /** Most previous records in a window: covariances grow with their square. */
    private static final int MOST_LAGS = 100;

    private static final String PROBABILITIES = "probabilities";
    private static final String CELLS = "cells";
    private static final String PRIOR_STRENGTH = "priorStrength";

    private static final String HMM = "hmm";
    private static final String INITIAL = "initial";
    private static final String TRANSITIONS = "transitions";
    private static final String TRANSITION_STRENGTH = "transitionStrength";
    private static final String STICKY_STRENGTH = "stickyStrength";

    private static final String LDA = "lda";
    private static final String AUTO = "auto";
    private static final String ALPHA = "alpha";
    private static final String ETA = "eta";
    private static final String LEARN_ALPHA = "learnAlpha";
    private static final String VOCABULARY = "vocabulary";
    private static final String VOCABULARY_SIZE = "vocabularySize";
    private static final String LANGUAGE = "language";

    /** How texts become words: with the stop words of a language left out, or with all. */
    private static final Set<String> LANGUAGES = new TreeSet<>(Set.of(
            "standard",
            "danish",
            "dutch",
            "english",
            "finnish",
            "french",
            "german",
            "italian",
            "norwegian",
            "portuguese",
            "spanish",
            "swedish"));

    private static final Map<String, Entry> BY_NAME = new TreeMap<>(Map.of(
            LDA,
            new Entry(
                    false,
                    true,
                    Map.of(
                            ALPHA,
                            AUTO,
                            ETA,
                            AUTO,
                            LEARN_ALPHA,
                            "false",
                            VOCABULARY,
                            "",
                            VOCABULARY_SIZE,
                            "5000.0",
                            LANGUAGE,
                            "standard"),
                    ModelTypes::lda),
            HMM,
            new Entry(
                    true,
                    true,
                    Map.of(INITIAL, "free", TRANSITIONS, "full", TRANSITION_STRENGTH, "0.0", STICKY_STRENGTH, "0.0"),
                    ModelTypes::hmm),
            "linear-gaussian",
            new Entry(false, false, StateSpaceOptions.defaults(), ModelTypes::linearGaussian),
            MIXTURE,
            new Entry(true, true, Map.of(WEIGHT_STRENGTH, "0.0", LAGS, "0.0"), ModelTypes::mixture),
            "incomplete-multinomial",
            new Entry(
                    false,
                    false,
                    Map.of(PROBABILITIES, "", CELLS, "", PRIOR_STRENGTH, "0.0"),
                    ModelTypes::incompleteMultinomial)));

    private ModelTypes() {}

    private interface Factory {
        Model<?> create(int components, List<String> features, List<FamilySpec> factors, Map<String, String> options);
    }

    private record Entry(boolean hasFamilies, boolean hasComponents, Map<String, String> defaults, Factory factory) {}

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    static Set<String> options(String type) {
        return new TreeMap<>(entry(type).defaults()).keySet();
    }

    static boolean hasFamilies(String type) {
        return entry(type).hasFamilies();
    }

    static boolean hasComponents(String type) {
        return entry(type).hasComponents();
    }

    static boolean readsDocuments(String type) {
        return type.equals(LDA);
    }

    static Set<String> languages() {
        return LANGUAGES;
    }

    static Learning learning(String type) {
        return readsDocuments(type)
                ? Learning.DEFAULTS.withStarts(3).withStepSize(new StepSize.PowerDecay(0.9, 0))
                : Learning.DEFAULTS;
    }

    /** Options with the defaults filled in, each on one line: where a text is broken makes no other model of it. */
    static Map<String, String> complete(String type, Map<String, String> options) {
        Map<String, String> complete =
                Options.complete("models of the type " + type, entry(type).defaults(), options);
        complete.replaceAll((name, value) -> value.strip().replaceAll("\\s+", " "));
        if (type.equals(HMM)) {
            // rows and probabilities are the same with and without spaces
            complete.computeIfPresent(TRANSITIONS, (name, value) -> value.replace(" ", ""));
            complete.computeIfPresent(INITIAL, (name, value) -> initialInOneForm(value));
        }
        if (type.equals(LDA)) {
            complete.computeIfPresent(VOCABULARY, (name, value) -> String.join(",", words(value)));
        }
        return complete;
    }

    /** The options that differ from the defaults. */
    static Map<String, String> chosen(String type, Map<String, String> options) {
        Map<String, String> chosen = new TreeMap<>(options);
        chosen.entrySet().removeAll(entry(type).defaults().entrySet());
        return chosen;
    }

    static Model<?> build(
            String type, int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        return entry(type).factory().create(components, features, factors, options);
    }

    private static Entry entry(String type) {
        Entry entry = BY_NAME.get(type);
        if (entry == null) {
            throw new IllegalArgumentException("model type is '" + type + "'; expected one of " + BY_NAME.keySet());
        }
        return entry;
    }

    private static Model<?> mixture(
            int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        Mixture<?> mixture =
                new Mixture<>(family(factors, options), components, Options.number(options, WEIGHT_STRENGTH));
        int lags = lags(options);
        return lags == 0 ? mixture : new LaggedMixture<>(mixture, lags);
    }

    /** Previous records that a record is conditioned on; 0 for a type without. */
    private static int lags(Map<String, String> options) {
        if (!options.containsKey(LAGS)) {
            return 0;
        }
        double lags = Options.number(options, LAGS);
        if (!(lags >= 0 && lags == Math.rint(lags) && lags <= MOST_LAGS)) {
            throw new IllegalArgumentException(
                    LAGS + " is " + options.get(LAGS) + "; expected a whole number from 0 to " + MOST_LAGS);
        }
        return (int) lags;
    }

    /** The family of a model's components: of windows where records are conditioned on those before them. */
    static Family<?> family(List<FamilySpec> factors, Map<String, String> options) {
        int lags = lags(options);
        if (lags == 0) {
            return family(factors);
        }
        if (factors.size() > 1 || !OF_WINDOWS.contains(factors.get(0).family())) {
            throw new IllegalArgumentException(LAGS + " is " + lags + " of "
                    + factors.stream().map(FamilySpec::family).collect(Collectors.joining(" times "))
                    + "; expected fields of one family, one of " + new TreeSet<>(OF_WINDOWS) + ", or no lags");
        }
        FamilySpec ofRecord = factors.get(0);
        return new FamilySpec(
                        ofRecord.family(),
                        windowFeatures(ofRecord.features(), lags),
                        ofRecord.options(),
                        ofRecord.prior())
                .build();
    }

    /** The names of the numbers in a window, the oldest record first: x[t-2], x[t-1], x. */
    private static List<String> windowFeatures(List<String> features, int lags) {
        List<String> names = new ArrayList<>();
        for (int lag = lags; lag > 0; lag--) {
            for (String feature : features) {
                names.add(feature + "[t-" + lag + "]");
            }
        }
        names.addAll(features);
        return names;
    }

    private static Model<?> hmm(
            int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        return hmm(family(factors), components, options);
    }

    private static <P extends FamilyParameters> Model<?> hmm(
            Family<P> family, int states, Map<String, String> options) {
        Hmm<P> model = Hmm.of(family, states).withTransitions(Transitions.parse(options.get(TRANSITIONS), states));
        String initial = options.get(INITIAL);
        Hmm<P> withInitial = isNumbers(initial)
                ? model.withFixedInitial(probabilities(initial))
                : model.withInitial(Initial.of(initial));
        return withInitial.withPrior(
                Options.number(options, TRANSITION_STRENGTH), Options.number(options, STICKY_STRENGTH));
    }

    private static boolean isNumbers(String initial) {
        return !initial.isEmpty() && "0123456789.-+".indexOf(initial.charAt(0)) >= 0;
    }

    private static String initialInOneForm(String initial) {
        return isNumbers(initial)
                ? Arrays.stream(probabilities(initial))
                        .mapToObj(Double::toString)
                        .collect(Collectors.joining(","))
                : initial;
    }

    private static double[] probabilities(String initial) {
        String[] numbers = initial.split(" ?[ ,] ?", -1);
        double[] probabilities = new double[numbers.length];
        for (int k = 0; k < numbers.length; k++) {
            try {
                probabilities[k] = Double.parseDouble(numbers[k]);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "initial is '" + initial + "'; expected free, stationary, fixed, or the probability of each"
                                + " state, such as 0.5,0.5",
                        e);
            }
        }
        return probabilities;
    }

    private static Model<?> lda(
            int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        requireOneOf(options, LEARN_ALPHA, Set.of("false", "true"));
        requireOneOf(options, LANGUAGE, LANGUAGES);
        double size = Options.number(options, VOCABULARY_SIZE);
        if (!(size >= 1 && size == Math.rint(size) && size <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(VOCABULARY_SIZE + " is " + options.get(VOCABULARY_SIZE)
                    + "; expected a whole number of at least 1");
        }
        List<String> words = words(options.get(VOCABULARY));
        Lda model = words.isEmpty() ? Lda.of(components, (int) size) : Lda.of(components, new Vocabulary(words));
        model = model.withPriors(concentration(options, ALPHA, components), concentration(options, ETA, components));
        return options.get(LEARN_ALPHA).equals("true") ? model.withLearnedAlpha() : model;
    }

    private static double concentration(Map<String, String> options, String option, int topics) {
        return options.get(option).equals(AUTO) ? Lda.defaultConcentration(topics) : Options.number(options, option);
    }

    private static void requireOneOf(Map<String, String> options, String option, Set<String> expected) {
        if (!expected.contains(options.get(option))) {
            throw new IllegalArgumentException(option + " is '" + options.get(option) + "'; expected one of "
                    + String.join(", ", new TreeSet<>(expected)));
        }
    }

    /** Words of a list, separated by commas or spaces. */
    private static List<String> words(String list) {
        return Arrays.stream(list.split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Counts of all cells if the features are their names; otherwise one feature, which names a cell. */
    private static Model<?> incompleteMultinomial(
            int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        for (String option : List.of(PROBABILITIES, CELLS)) {
            if (options.get(option).isEmpty()) {
                throw new IllegalArgumentException("the option " + option + " is missing; expected "
                        + (option.equals(CELLS)
                                ? "the observed cells, such as 'AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2'"
                                : "the names of the probabilities on which cells depend, such as 'p' or 'A,B,O'"));
            }
        }
        CellTable table = CellTable.read(options.get(PROBABILITIES), options.get(CELLS));
        boolean counted = features.size() > 1 || table.cells().equals(features);
        IncompleteMultinomial model = counted
                ? IncompleteMultinomial.ofCounts(table.ordered(features))
                : IncompleteMultinomial.ofSingleCells(table);
        if (components != 0 && components != model.components()) {
            throw new IllegalArgumentException("number of components is " + components + "; expected "
                    + model.components() + ", the latent cells, or none given");
        }
        return model.withPrior(Options.number(options, PRIOR_STRENGTH));
    }

    private static Model<?> linearGaussian(
            int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        if (components != 0) {
            throw new IllegalArgumentException("number of components is " + components
                    + "; expected none given, because the states of the type linear-gaussian are continuous");
        }
        return StateSpaceOptions.model(features.size(), options);
    }

    private static Family<?> family(List<FamilySpec> factors) {
        if (factors.size() == 1) {
            return factors.get(0).build();
        }
        Map<String, Family<?>> families = new LinkedHashMap<>();
        factors.forEach(factor -> families.put(factor.name(), factor.build()));
        return new ProductFamily(families);
    }
}

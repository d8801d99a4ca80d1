package io.onlineem.catalog;

import io.onlineem.em.Model;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Options;
import io.onlineem.family.ProductFamily;
import io.onlineem.hmm.Hmm;
import io.onlineem.hmm.Initial;
import io.onlineem.hmm.Transitions;
import io.onlineem.mixture.Mixture;
import io.onlineem.multinomial.CellTable;
import io.onlineem.multinomial.IncompleteMultinomial;
import io.onlineem.statespace.StateSpaceOptions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The types of models by name: where a new one is registered. */
final class ModelTypes {

    private static final String WEIGHT_STRENGTH = "weightStrength";

    private static final String PROBABILITIES = "probabilities";
    private static final String CELLS = "cells";
    private static final String PRIOR_STRENGTH = "priorStrength";

    private static final String HMM = "hmm";
    private static final String INITIAL = "initial";
    private static final String TRANSITIONS = "transitions";
    private static final String TRANSITION_STRENGTH = "transitionStrength";
    private static final String STICKY_STRENGTH = "stickyStrength";

    private static final Map<String, Entry> BY_NAME = new TreeMap<>(Map.of(
            HMM,
            new Entry(
                    true,
                    true,
                    Map.of(INITIAL, "free", TRANSITIONS, "full", TRANSITION_STRENGTH, "0.0", STICKY_STRENGTH, "0.0"),
                    ModelTypes::hmm),
            "linear-gaussian",
            new Entry(false, false, StateSpaceOptions.defaults(), ModelTypes::linearGaussian),
            "mixture",
            new Entry(true, true, Map.of(WEIGHT_STRENGTH, "0.0"), ModelTypes::mixture),
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
        return new Mixture<>(family(factors), components, Options.number(options, WEIGHT_STRENGTH));
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

    static Family<?> family(List<FamilySpec> factors) {
        if (factors.size() == 1) {
            return factors.get(0).build();
        }
        Map<String, Family<?>> families = new LinkedHashMap<>();
        factors.forEach(factor -> families.put(factor.name(), factor.build()));
        return new ProductFamily(families);
    }
}

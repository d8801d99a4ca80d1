package io.onlineem.multinomial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sum of terms {@code a Π_l π_l^e_l} with positive factors and whole exponents, like terms collected, in the order in
 * which they first appear. Immutable.
 */
final class Polynomial {

    static final Polynomial ZERO = new Polynomial(Map.of());

    private final Map<List<Integer>, Double> factorsByExponents;

    /**
     * A term.
     *
     * @param factor positive
     * @param exponents one for every probability, at least 0
     */
    record Term(double factor, int[] exponents) {

        double log(double[] logProbabilities) {
            double log = Math.log(factor);
            for (int l = 0; l < exponents.length; l++) {
                log += exponents[l] * logProbabilities[l];
            }
            return log;
        }
    }

    private Polynomial(Map<List<Integer>, Double> factorsByExponents) {
        this.factorsByExponents = factorsByExponents;
    }

    /** {@code value} in a polynomial of {@code probabilities} variables; {@code value} at least 0. */
    static Polynomial constant(double value, int probabilities) {
        return value == 0 ? ZERO : new Polynomial(Map.of(Collections.nCopies(probabilities, 0), value));
    }

    /** {@code π_index}. */
    static Polynomial probability(int index, int probabilities) {
        Integer[] exponents = new Integer[probabilities];
        Arrays.setAll(exponents, l -> l == index ? 1 : 0);
        return new Polynomial(Map.of(List.of(exponents), 1.0));
    }

    Polynomial plus(Polynomial other) {
        Map<List<Integer>, Double> sum = new LinkedHashMap<>(factorsByExponents);
        other.factorsByExponents.forEach((exponents, factor) -> sum.merge(exponents, factor, Double::sum));
        return new Polynomial(sum);
    }

    Polynomial times(Polynomial other) {
        Map<List<Integer>, Double> product = new LinkedHashMap<>();
        factorsByExponents.forEach((exponents, factor) -> other.factorsByExponents.forEach(
                (others, by) -> product.merge(sum(exponents, others), factor * by, Double::sum)));
        return new Polynomial(product);
    }

    Polynomial dividedBy(double divisor) {
        Map<List<Integer>, Double> quotient = new LinkedHashMap<>();
        factorsByExponents.forEach((exponents, factor) -> quotient.put(exponents, factor / divisor));
        return new Polynomial(quotient);
    }

    private static List<Integer> sum(List<Integer> exponents, List<Integer> others) {
        Integer[] sum = new Integer[exponents.size()];
        Arrays.setAll(sum, l -> exponents.get(l) + others.get(l));
        return List.of(sum);
    }

    /** Number of terms. */
    int size() {
        return factorsByExponents.size();
    }

    boolean isZero() {
        return factorsByExponents.isEmpty();
    }

    /** The value, if it does not depend on the probabilities; otherwise NaN. */
    double constant() {
        if (isZero()) {
            return 0;
        }
        Map.Entry<List<Integer>, Double> first =
                factorsByExponents.entrySet().iterator().next();
        boolean constant = size() == 1 && first.getKey().stream().allMatch(exponent -> exponent == 0);
        return constant ? first.getValue() : Double.NaN;
    }

    List<Term> terms() {
        List<Term> terms = new ArrayList<>();
        factorsByExponents.forEach((exponents, factor) -> terms.add(
                new Term(factor, exponents.stream().mapToInt(Integer::intValue).toArray())));
        return terms;
    }
}

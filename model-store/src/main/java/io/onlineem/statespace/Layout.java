package io.onlineem.statespace;

/**
 * Where the sums of a model's statistics are. What is not learned has none. Symmetric matrices are packed lower triangles.
 *
 * <table>
 * <caption>Statistics, in this order</caption>
 * <tr><th>for</th><th>sums</th></tr>
 * <tr><td>the initial state</td><td>w of beginnings, Σ E[x_1 - anchor] (n), Σ E[(x_1 - anchor)(x_1 - anchor)'] (packed)</td></tr>
 * <tr><td>A and Q</td><td>w of transitions, Σ E[e e'] with e = x_t - A₀ x_t-1 (packed); for a free A also Σ E[e x_t-1'] (n × n)
 * and Σ E[x_t-1 x_t-1'] (packed)</td></tr>
 * <tr><td>C, b and a diagonal R</td><td>for each of the d numbers, where it is observed: w, Σ E[r²] with r = y - b₀ - C₀ x; for a
 * free C or b also Σ E[r z] (z) and Σ E[z z'] (packed)</td></tr>
 * <tr><td>C, b and any other R</td><td>w of records of which something is observed, Σ E[r r'] (packed); for a free C or b also
 * Σ E[r z'] (d × z) and Σ E[z z'] (packed)</td></tr>
 * </table>
 *
 * <p>A₀, C₀ and b₀ are fixed for the life of the model: what is summed are deviations from them, which do not cancel where the
 * states dwarf what moves them. z holds x if C is free, and 1 if b is.
 */
final class Layout {

    final int n;
    final int d;

    final boolean beginnings;
    final boolean transitions;
    final boolean freeTransition;

    /** Whether observations are counted number by number. */
    final boolean separate;

    final boolean observations;
    final boolean freeObservation;
    final boolean freeOffset;

    /** Length of z. */
    final int z;

    final int transition;
    final int observation;

    /** Sums for each number, where they are counted one by one. */
    final int stride;

    final int length;

    Layout(
            int n,
            int d,
            boolean beginnings,
            boolean transitions,
            boolean freeTransition,
            boolean observations,
            boolean separate,
            boolean freeObservation,
            boolean freeOffset) {
        this.n = n;
        this.d = d;
        this.beginnings = beginnings;
        this.transitions = transitions;
        this.freeTransition = freeTransition;
        this.observations = observations;
        this.separate = separate;
        this.freeObservation = freeObservation;
        this.freeOffset = freeOffset;
        z = (freeObservation ? n : 0) + (freeOffset ? 1 : 0);
        int triangle = Dense.triangle(n);
        transition = beginnings ? 1 + n + triangle : 0;
        observation = transition + (transitions ? 1 + triangle + (freeTransition ? n * n + triangle : 0) : 0);
        stride = 2 + z + Dense.triangle(z);
        int together = 1 + Dense.triangle(d) + d * z + Dense.triangle(z);
        length = observation + (observations ? separate ? d * stride : together : 0);
    }

    /** Σ E[e e']. */
    int residuals() {
        return transition + 1;
    }

    /** Σ E[e x_t-1']. */
    int crosses() {
        return residuals() + Dense.triangle(n);
    }

    /** Σ E[x_t-1 x_t-1']. */
    int squares() {
        return crosses() + n * n;
    }

    /** The sums of number i. */
    int ofNumber(int i) {
        return observation + i * stride;
    }

    /** Σ E[r z'], where the numbers are counted together. */
    int regression() {
        return observation + 1 + Dense.triangle(d);
    }

    /** Σ E[z z'], where the numbers are counted together. */
    int regressors() {
        return regression() + d * z;
    }
}

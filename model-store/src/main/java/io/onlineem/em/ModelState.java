package io.onlineem.em;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything an online model is, between two mini-batches. An immutable snapshot: the arrays belong to it.
 *
 * @param version number of this state: 1 at the start, one more with every blend
 * @param observations observations counted
 * @param weight what the state weighs, in observations: the total weight of those counted, and the {@linkplain
 *     Learning#warmUp() weight of given parameters} it was started from
 * @param clock n, the count that the {@linkplain StepSize step size} goes by: the weight, until it is set back because the
 *     stream has changed
 * @param statistics S, the blended mean statistics per observation
 * @param averaged the Polyak-Ruppert average of S, or null before averaging begins
 * @param parameters θ = M(S), with which the next E-step is made
 * @param published what is scored with: M of the averaged statistics, or {@code parameters} without averaging
 * @param stepSize γ of the newest observation; 1 at the start
 * @param scoredWeight weight of the observations that were scored before they were learned from
 * @param scoredLogLikelihood their summed log-likelihood
 * @param watch the detector of changes; null where {@link Learning#drift()} is
 * @param care what the care for components remembers; null where {@link Learning#componentCare()} is
 * @param events what has happened to the model beside learning, oldest first; the newest {@value #EVENTS}
 * @param <P> the parameters
 */
public record ModelState<P extends Parameters>(
        long version,
        long observations,
        double weight,
        double clock,
        double[] statistics,
        double[] averaged,
        P parameters,
        P published,
        double stepSize,
        double scoredWeight,
        double scoredLogLikelihood,
        PageHinkley watch,
        CareState care,
        List<Event> events) {

    /** Events that are kept. */
    public static final int EVENTS = 16;

    /**
     * Something that happened to the model beside learning.
     *
     * @param type what happened
     * @param components the components concerned, from 0: of a restart the restarted one and the one it took records from; of
     *     a merge and split the merged pair, of which the second was set free, and the one that was split; otherwise none
     * @param version the state in which it first shows
     * @param observations observations counted by then
     * @param before mean log-likelihood per record before it, natural logarithm
     * @param after mean log-likelihood per record that told of it
     */
    public record Event(
            Type type, List<Integer> components, long version, long observations, double before, double after) {

        /** What can happen. */
        public enum Type {
            /** The stream changed: the likelihood fell, and the step was raised. */
            DRIFT("drift"),
            /** A dead component was placed where the fit was worst. */
            RESTART("restart"),
            /** Two components that described one cluster were merged, and the free one placed where the fit was worst. */
            MERGE_AND_SPLIT("mergeAndSplit");

            private final String label;

            Type(String label) {
                this.label = label;
            }

            /** The name in JSON. */
            public String label() {
                return label;
            }
        }

        /** Takes a copy of the components. */
        public Event {
            components = List.copyOf(components);
        }
    }

    /** Takes a copy of the events. */
    public ModelState {
        events = List.copyOf(events);
    }

    /**
     * The prequential mean log-likelihood per record: every record scored before it was learned from (Dawid 1984);
     * {@code NaN} before the first scored record.
     */
    public double meanLogLikelihood() {
        return scoredLogLikelihood / scoredWeight;
    }

    /** The events with one more; the oldest makes room for it. */
    List<Event> eventsWith(Event newest) {
        List<Event> all = new ArrayList<>(events);
        all.add(newest);
        return all.subList(Math.max(0, all.size() - EVENTS), all.size());
    }

    /** The same under another number. */
    public ModelState<P> numbered(long newVersion) {
        return with(newVersion, observations);
    }

    /** The same after observations from which nothing was learned. */
    ModelState<P> with(long newVersion, long newObservations) {
        return with(newVersion, newObservations, care);
    }

    ModelState<P> with(CareState newCare) {
        return with(version, observations, newCare);
    }

    private ModelState<P> with(long newVersion, long newObservations, CareState newCare) {
        return new ModelState<>(
                newVersion,
                newObservations,
                weight,
                clock,
                statistics,
                averaged,
                parameters,
                published,
                stepSize,
                scoredWeight,
                scoredLogLikelihood,
                watch,
                newCare,
                events);
    }
}

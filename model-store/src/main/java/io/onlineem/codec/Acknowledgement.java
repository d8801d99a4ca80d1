package io.onlineem.codec;

import io.onlineem.em.StepSize;

/**
 * What became of a command, and how the model stands after it.
 *
 * @param id id of the command; null if it could not be read
 * @param verb what was to be done; null if it could not be read
 * @param model name of the model, as the command gives it
 * @param outcome what became of it
 * @param version version of the parameters after it; of a duplicate, after it was applied. 0 before there are any; where a
 *     warm-up begins anew, the version with which it will end
 * @param observations observations that the model has counted
 * @param paused whether learning is paused
 * @param pausedSince since when, in milliseconds since the epoch; 0 if it is not, or if that is not known
 * @param stepSize the step size that was set in place of the configured one; null if none was
 * @param skipped observations that were scored and will never be learned from, since the model began
 * @param reason why it was refused; null if it was not
 * @param partition partition of the control topic from which the command came
 * @param offset its offset there
 */
public record Acknowledgement(
        String id,
        String verb,
        String model,
        Outcome outcome,
        long version,
        long observations,
        boolean paused,
        long pausedSince,
        StepSize stepSize,
        long skipped,
        String reason,
        int partition,
        long offset) {

    /** The same with another number of observations that are not learned from. */
    public Acknowledgement withSkipped(long newSkipped) {
        return new Acknowledgement(
                id,
                verb,
                model,
                outcome,
                version,
                observations,
                paused,
                pausedSince,
                stepSize,
                newSkipped,
                reason,
                partition,
                offset);
    }

    /** What can become of a command. */
    public enum Outcome {
        /** It has taken effect. */
        APPLIED("applied"),
        /** It has changed nothing, for the reason that is told. */
        REFUSED("refused"),
        /** A command of that id was applied before; this time it has changed nothing. */
        DUPLICATE("duplicate");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** The name in JSON. */
        public String label() {
            return label;
        }
    }
}

package io.onlineem.topology;

import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ObservationReader;

/**
 * What an observation has to be before a model may see it. Readers are anybody's: what they let through would otherwise be in a
 * committed warm-up before a model refuses it.
 */
final class ObservationChecks {

    private final StreamModel<?> model;
    private final int width;

    ObservationChecks(StreamModel<?> model) {
        this.model = model;
        this.width = model.model().width();
    }

    /** That a reader has added one record of the right length. */
    void requireOne(Observations read) {
        if (read.size() != 1) {
            throw new IllegalStateException("the observation reader has added " + read.size()
                    + " records; expected exactly one, or an InvalidObservationException");
        }
        if (width > 0) {
            read.requireLength(0, width);
        }
    }

    /**
     * That the model takes the record.
     *
     * @throws InvalidObservationException if it does not
     */
    void requireValid(Observations observation) {
        for (int j = 0; j < width; j++) {
            double number = observation.value(0, j);
            boolean missing = Double.isNaN(number) && model.missingAllowed();
            if (!missing && !(Math.abs(number) <= ObservationReader.LARGEST)) {
                throw new InvalidObservationException(
                        Reason.NOT_FINITE,
                        "number " + j + " of the observation is " + number
                                + "; expected a finite number of magnitude at most " + ObservationReader.LARGEST);
            }
        }
        Problem problem = model.model().problem(observation, 0);
        if (problem != null) {
            throw InvalidObservationException.of(problem, model.spec().features(), observation, 0);
        }
    }
}

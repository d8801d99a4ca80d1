package io.onlineem.topology;

import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.PublishedModel;
import io.onlineem.observation.Alert;
import io.onlineem.observation.InvalidObservationException.Reason;

/**
 * What the processors tell of a model: the port behind which metrics are kept. Called by several stream threads; thread-safe
 * and quick.
 */
public interface ModelMetrics {

    /** Keeps nothing. */
    ModelMetrics NONE = new ModelMetrics() {};

    /** One record in so many is timed. */
    int TIMED_RECORDS = 16;

    /** Made for every task that scores: looks at its records. */
    default RecordSampler sampler() {
        return RecordSampler.NONE;
    }

    /** A record was scored; its log-likelihood, natural logarithm. */
    default void scored(double logLikelihood) {}

    /**
     * How long a record took; told of every {@value #TIMED_RECORDS}th that is scored, since reading clocks costs as much as
     * scoring a small record.
     *
     * @param nanoseconds from taking it up to its posterior
     * @param milliseconds from its timestamp to its posterior
     */
    default void timed(long nanoseconds, long milliseconds) {}

    /** A valid record came while the model was warming up. */
    default void warmingUp() {}

    /** A scored record belongs to an incident. */
    default void anomalous() {}

    /** Something has become of an incident. */
    default void told(Alert alert) {}

    /** A record was rejected. */
    default void rejected(Reason reason) {}

    /** A command was acknowledged. */
    default void commanded(Acknowledgement.Outcome outcome) {}

    /** So many observations were scored and will not be learned from, because of a command. */
    default void skipped(long observations) {}

    /** The task that owns a shared model has started here and goes on from this version. */
    default void restored(PublishedModel<?> model) {}

    /** The task that owns a shared model is no longer here. */
    default void released() {}

    /**
     * Statistics of a mini-batch are about to be blended into a shared model.
     *
     * @param inFlight how many mini-batches were blended since the parameters with which they were computed
     */
    default void arrived(long inFlight) {}

    /** A mini-batch of that many observations was blended, after that many nanoseconds of blending and maximising. */
    default void learned(PublishedModel<?> model, long observations, long nanoseconds) {}
}

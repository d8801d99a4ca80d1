package io.onlineem.topology;

import io.onlineem.codec.PublishedModel;
import io.onlineem.observation.Alert;

/** Who looks at a model beside its metrics, to show it: at some of the records it scores, and at what it has learned. */
public interface ModelWatcher {

    /** Looks at nothing. */
    ModelWatcher NONE = new ModelWatcher() {
        @Override
        public RecordSampler sampler() {
            return RecordSampler.NONE;
        }

        @Override
        public void learned(PublishedModel<?> model) {
            // not looked at
        }

        @Override
        public void told(Alert alert) {
            // not looked at
        }
    };

    /** Made for every task that scores: looks at its records. */
    RecordSampler sampler();

    /** A model has learned, or goes on here from some version. Called by stream threads; quick. */
    void learned(PublishedModel<?> model);

    /** Something has become of an incident. Called by stream threads; quick. After a crash the same may be told again. */
    void told(Alert alert);
}

package io.onlineem.topology;

import io.onlineem.em.Observations;
import io.onlineem.observation.ScoredRecord;

/**
 * Looks at the records of one task as they are scored, and keeps some of them to be shown. Used by one thread at a time.
 */
public interface RecordSampler {

    /** Keeps nothing. */
    RecordSampler NONE = new RecordSampler() {
        @Override
        public boolean wants(String sequence, ScoredRecord scored) {
            return false;
        }

        @Override
        public void keep(String key, long timestamp, Observations observation, ScoredRecord scored) {
            // wants none
        }
    };

    /**
     * Whether a record is to be kept. Asked of every record: quick, and allocates nothing.
     *
     * @param sequence the sequence of the record; null where the model has no memory
     */
    boolean wants(String sequence, ScoredRecord scored);

    /**
     * Keeps a record that is {@linkplain #wants wanted}.
     *
     * @param key its sequence, or else its key; empty if it has none
     * @param timestamp in milliseconds
     * @param observation holds what the model has seen as record 0; valid during the call only
     */
    void keep(String key, long timestamp, Observations observation, ScoredRecord scored);
}

package io.onlineem.cli;

import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException;
import java.io.Closeable;
import java.io.IOException;

/** The records of a file, one after another. */
interface RecordSource extends Closeable {

    /**
     * Moves to the next record.
     *
     * @return whether there is one
     */
    boolean next() throws IOException;

    /** The line on which the record ends, from 1. */
    long line();

    /**
     * Appends the observation of the record.
     *
     * @throws InvalidObservationException if it holds no valid one
     */
    void read(Observations into);

    /**
     * The text of any field of the record.
     *
     * @throws InvalidObservationException if it is not there
     */
    String text(String field);
}

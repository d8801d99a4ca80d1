package io.onlineem.cli;

import io.onlineem.config.InputField;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The records of a file, one after another. */
interface RecordSource extends Closeable {

    /**
     * Says what makes an observation. Once, before records are read.
     *
     * @param fields in the order of the observation
     * @param weight the field that weighs a record
     */
    void select(List<InputField> fields, Optional<String> weight);

    /**
     * Says that a field will be asked for by its name.
     *
     * @throws UsageException if it is known already that no record has it
     */
    default void require(String field) {}

    /**
     * Moves to the next record.
     *
     * @return whether there is one
     */
    boolean next() throws IOException;

    /** The line on which the record ends, from 1. */
    long line();

    /**
     * Appends the observation of the record, differences still to be made.
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

package io.onlineem.cli;

import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.io.PrintWriter;

/** What happens to records of a file that hold no valid observation: the first one is an error, or they are counted. */
final class InvalidRecords {

    private final DataOptions data;
    private final PrintWriter err;
    private long count;

    InvalidRecords(DataOptions data, PrintWriter err) {
        this.data = data;
        this.err = err;
    }

    /** Counts a record. */
    void add(RecordSource source, InvalidObservationException e) {
        if (!data.skipInvalid()) {
            boolean missing = e.reason() == Reason.MISSING_FIELD;
            throw new CommandException(
                    data.name() + ", line " + source.line() + ": " + e.getMessage()
                            + (missing ? "; give --missing if it may lack a value" : "; correct the record")
                            + ", or give --skip-invalid to leave such records out",
                    e);
        }
        count++;
    }

    /** Says how many there were. */
    void report() {
        if (count > 0) {
            err.println(count + (count == 1 ? " record was" : " records were") + " not valid and left out");
            err.flush();
        }
    }
}

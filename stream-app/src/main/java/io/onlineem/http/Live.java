package io.onlineem.http;

import java.time.Duration;
import java.util.Optional;

/** What the live page shows. Called by several threads. */
public interface Live {

    /**
     * Whether there is such a model here.
     *
     * @throws Models.NotAvailableException if models cannot be read now, but will be later
     */
    boolean has(String model);

    /**
     * All that is known of a model now, as JSON.
     *
     * @param model id of the model; empty for whichever is there
     * @param sequence whose records are to be kept one after another from now on; empty to leave that as it is
     * @return empty if there is no such model here
     * @throws Models.NotAvailableException if models cannot be read now, but will be later
     */
    Optional<byte[]> snapshot(String model, String sequence);

    /** A past version of a model as JSON; empty if it is not, or no longer, known here. */
    Optional<byte[]> version(String model, long version);

    /**
     * What is new of a model since some moment; waits for it.
     *
     * @param since what a snapshot or earlier news call their {@code moment}
     * @param wait how long to wait at most
     * @return empty if there is no such model any more
     */
    Optional<News> news(String model, long since, Duration wait) throws InterruptedException;

    /**
     * What is new.
     *
     * @param moment where the next news begin
     * @param json a JSON object on one line
     */
    record News(long moment, byte[] json) {}
}

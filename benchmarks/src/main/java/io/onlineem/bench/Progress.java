package io.onlineem.bench;

import java.io.PrintWriter;

/** What is going on, on stderr, while results are not yet known. */
final class Progress {

    private final PrintWriter err;

    Progress(PrintWriter err) {
        this.err = err;
    }

    void say(String message) {
        err.println("bench: " + message);
        err.flush();
    }

    void warn(String message) {
        say("WARNING: " + message);
    }
}

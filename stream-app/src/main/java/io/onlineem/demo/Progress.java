package io.onlineem.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One line that is kept up to date on a terminal; elsewhere a line now and then. */
final class Progress {

    private static final long ON_TERMINAL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long ELSEWHERE = TimeUnit.SECONDS.toNanos(2);

    private final PrintWriter out;
    private final boolean terminal;
    private final String unit;
    private final int total;
    private long shownAt;
    private int shownItems;

    Progress(PrintWriter out, boolean terminal, String unit, int total) {
        this.out = out;
        this.terminal = terminal;
        this.unit = unit;
        this.total = total;
        this.shownAt = System.nanoTime();
    }

    /** Tells how far it has come, unless it has told so a moment ago. */
    void update(Results<?> results) {
        if (System.nanoTime() - shownAt >= (terminal ? ON_TERMINAL : ELSEWHERE)) {
            show(results);
        }
    }

    /** Tells how far it has come in the end. */
    void finish(Results<?> results) {
        show(results);
        if (terminal) {
            out.println();
            out.flush();
        }
    }

    private void show(Results<?> results) {
        int items = results.items().size();
        if (items == shownItems) {
            return;
        }
        shownItems = items;
        shownAt = System.nanoTime();
        String line = String.format(Locale.ROOT, "  %,5d of %,d %s", items, total, unit);
        if (items == results.warmingUp()) {
            line += ", warming up";
        } else {
            line += String.format(
                    Locale.ROOT,
                    "   parameters version %,d   mean log-likelihood %.3f",
                    results.newest() == null ? 1 : results.newest().version(),
                    results.meanLogLikelihood());
        }
        if (terminal) {
            out.printf("\r%-79s", line);
        } else {
            out.println(line);
        }
        out.flush();
    }
}

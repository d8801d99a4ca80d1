package io.onlineem.live;

import java.util.ArrayList;
import java.util.List;

/**
 * Past versions of a model, from its first to its newest, in bounded memory: where there are too many, every second one is
 * forgotten, and from then on only every second one is taken. So a slider over them reaches back to the beginning, however
 * long ago that was. Not thread-safe.
 */
final class History {

    /** Versions that are kept at most. */
    static final int MOST = 240;

    /** Bytes of all of them together. */
    static final long MOST_BYTES = 8 << 20;

    /** Fewer than that would be no history. */
    private static final int FEWEST = 8;

    private final List<Portrait> kept = new ArrayList<>();
    private long bytes;
    private int stride = 1;
    private int skipped;

    /** Adds the newest; the one before stays only if its turn has come. */
    void add(Portrait portrait) {
        int last = kept.size() - 1;
        if (last > 0 && skipped + 1 < stride) {
            bytes -= kept.remove(last).json().length;
            skipped++;
        } else {
            skipped = 0;
        }
        kept.add(portrait);
        bytes += portrait.json().length;
        while (kept.size() > MOST || (bytes > MOST_BYTES && kept.size() > FEWEST)) {
            thin();
        }
    }

    /** Forgets every second one but the first and the last. */
    private void thin() {
        List<Portrait> remaining = new ArrayList<>();
        int last = kept.size() - 1;
        for (int i = 0; i <= last; i++) {
            if (i % 2 == 0 || i == last) {
                remaining.add(kept.get(i));
            }
        }
        kept.clear();
        kept.addAll(remaining);
        bytes = kept.stream().mapToLong(portrait -> portrait.json().length).sum();
        stride *= 2;
        skipped = 0;
    }

    /** All, oldest first. */
    List<Portrait> all() {
        return List.copyOf(kept);
    }

    /** The newest; null if there is none. */
    Portrait newest() {
        return kept.isEmpty() ? null : kept.get(kept.size() - 1);
    }
}

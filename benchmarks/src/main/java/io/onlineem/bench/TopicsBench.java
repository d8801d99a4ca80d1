package io.onlineem.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One core, latent Dirichlet allocation: documents per second, scored, and learned from, in turns with a C program. */
final class TopicsBench {

    static final int DOCUMENTS = 5_000;

    private static final int PASSES = 3;

    /** Topics, words of the vocabulary, words of a document. */
    private static final int[][] SIZES = {{20, 5000, 100}, {100, 5000, 100}, {20, 5000, 12}};

    private static final List<Column> COLUMNS = List.of(
            new Column("topics", "K", "%d"),
            new Column("vocabulary", "V", "%,d"),
            new Column("length", "words", "%d"),
            new Column("nativeScoreDocumentsPerSecond", "native E-step doc/s", "%,.0f"),
            new Column("scoreDocumentsPerSecond", "score doc/s", "%,.0f"),
            new Column("scoreRatio", "ratio", "%.2f"),
            new Column("nativeLearnDocumentsPerSecond", "native learn doc/s", "%,.0f"),
            new Column("learnDocumentsPerSecond", "learn doc/s", "%,.0f"),
            new Column("learnRatio", "ratio", "%.2f"));

    private final int documents;
    private final int rounds;
    private final Progress progress;

    TopicsBench(int documents, int rounds, Progress progress) {
        this.documents = documents;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() throws IOException, InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        try (NativeCeiling ceiling =
                NativeCeiling.compile("lda_limit.c", progress).orElse(null)) {
            for (int[] size : SIZES) {
                rows.add(measure(size, ceiling));
            }
        }
        return new Section(
                "topics",
                "Topics: one core, latent Dirichlet allocation",
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d documents of three topics each; best of %d passes in each of %d turns; native: lda_limit.c,"
                                        + " a port of onlineldavb.py, cc -O3 -march=native -ffast-math",
                                documents,
                                PASSES,
                                rounds),
                        "score computes the bound of each document too, the native program does not; learn: new topics every "
                                + TopicsWorkload.MINI_BATCH + " documents"));
    }

    private List<Object> measure(int[] size, NativeCeiling ceiling) throws IOException, InterruptedException {
        progress.say("topics K=" + size[0] + " V=" + size[1] + " words=" + size[2]);
        TopicsWorkload workload = new TopicsWorkload(size[0], size[1], size[2], documents);
        Turns.Rates rates = new Turns(documents, PASSES, rounds)
                .measure(
                        ceiling,
                        new int[] {size[0], size[1], size[2], TopicsWorkload.MINI_BATCH, documents},
                        List.of(workload::score, workload::learn));
        List<Object> row = new ArrayList<>(List.of(size[0], size[1], size[2]));
        rates.addTo(row, 2);
        return row;
    }
}

package io.onlineem.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

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
    private double sink;

    TopicsBench(int documents, int rounds, Progress progress) {
        this.documents = documents;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() throws IOException, InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        Optional<NativeCeiling> ceiling = NativeCeiling.compile("lda_limit.c", progress);
        try {
            for (int[] size : SIZES) {
                rows.add(measure(size, ceiling.orElse(null)));
            }
        } finally {
            if (ceiling.isPresent()) {
                ceiling.get().close();
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
        List<DoubleSupplier> subjects = List.of(workload::score, workload::learn);
        double[] rates = new double[subjects.size()];
        double[] natives = new double[subjects.size()];
        for (int round = 0; round < rounds; round++) {
            if (ceiling != null) {
                List<Double> measured =
                        ceiling.recordsPerSecond(size[0], size[1], size[2], TopicsWorkload.MINI_BATCH, documents);
                Arrays.setAll(natives, i -> Math.max(natives[i], measured.get(i)));
            }
            Arrays.setAll(rates, i -> Math.max(rates[i], best(subjects.get(i))));
        }
        List<Object> row = new ArrayList<>(List.of(size[0], size[1], size[2]));
        for (int i = 0; i < rates.length; i++) {
            row.add(ceiling == null ? null : natives[i]);
            row.add(rates[i]);
            row.add(ceiling == null ? null : rates[i] / natives[i]);
        }
        return row;
    }

    /** Documents per second of the best pass. */
    private double best(DoubleSupplier work) {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < PASSES; i++) {
            long begin = System.nanoTime();
            sink += work.getAsDouble();
            shortest = Math.min(shortest, System.nanoTime() - begin);
        }
        if (!Double.isFinite(sink)) {
            throw new IllegalStateException("the bound is " + sink);
        }
        return documents * 1e9 / shortest;
    }
}

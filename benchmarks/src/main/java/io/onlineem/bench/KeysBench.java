package io.onlineem.bench;

import io.onlineem.bench.Throughput.Rate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A model for every key: throughput, memory and disk. The keys take turns in an order in which the same one comes back only
 * after all others, so that no cache helps: the hard case.
 */
final class KeysBench {

    private static final int WIDTH = 2;
    private static final int COMPONENTS = 2;
    private static final int MINI_BATCH = 4;
    private static final String INPUT = "bench-keyed-input";

    /** A prime; multiples of it visit all keys, unless there are as many keys. */
    private static final long STRIDE = 618_033_989;

    private static final double MIB = 1 << 20;

    private static final List<Column> COLUMNS = List.of(
            new Column("keys", "keys", "%,d"),
            new Column("records", "records", "%,d"),
            new Column("recordsPerSecond", "rec/s", "%,.0f"),
            new Column("threadNanosPerRecord", "thread ns/rec", "%,.0f"),
            new Column("modelsPublished", "models published", "%,d"),
            new Column("heapMiB", "heap MiB", "%,.0f"),
            new Column("heapBeforeMiB", "before", "%,.0f"),
            new Column("residentMiB", "resident MiB", "%,.0f"),
            new Column("residentBeforeMiB", "before", "%,.0f"),
            new Column("storesMiB", "stores MiB", "%,.0f"),
            new Column("storeBytesPerKey", "bytes/key", "%,.0f"),
            new Column("changelogsMiB", "changelogs MiB", "%,.0f"));

    private final int keys;
    private final int recordsPerKey;
    private final Progress progress;

    KeysBench(int keys, int recordsPerKey, Progress progress) {
        this.keys = keys;
        this.recordsPerKey = recordsPerKey;
        this.progress = progress;
    }

    /** What the process takes. */
    private record Memory(double heapMiB, Double residentMiB) {

        static Memory now() throws IOException {
            ManagementFactory.getMemoryMXBean().gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Memory(heap / MIB, resident());
        }

        /** Null where the system does not tell. */
        private static Double resident() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (!Files.exists(status)) {
                return null;
            }
            try (Stream<String> lines = Files.lines(status)) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                        .findFirst()
                        .orElse(null);
            }
        }
    }

    /** Looks around when all records are written. */
    private static final class Inspection implements Throughput.Observer {

        private final BenchBroker broker;
        private Memory memory;
        private long storeBytes;
        private long changelogBytes;
        private long models;

        Inspection(BenchBroker broker) {
            this.broker = broker;
        }

        @Override
        public void isDone(String application) throws IOException, InterruptedException {
            memory = Memory.now();
            try (Stream<Path> files = Files.walk(Subject.stateFolder(broker, application))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    storeBytes += sizeOf(file);
                }
            }
            models = broker.endOffset(application + "-models");
            for (String store : List.of("states", "mini-batches", "pending")) {
                changelogBytes += broker.bytesOf(application + "-bench-" + store + "-changelog");
            }
        }

        /** RocksDB may have removed a file since it was listed. */
        private static long sizeOf(Path file) throws IOException {
            return Files.exists(file) ? Files.size(file) : 0;
        }
    }

    Section run() throws Exception {
        long records = (long) keys * recordsPerKey;
        Workload workload = new Workload(WIDTH, COMPONENTS);
        Subject subject = Subject.perKey(workload, "{miniBatch: " + MINI_BATCH + ", flushInterval: off}");
        try (BenchBroker broker = BenchBroker.start()) {
            progress.say("keys: writing " + records + " records of " + keys + " keys");
            InputTopic.fill(broker, INPUT, records, workload, this::key);
            Memory before = Memory.now();
            Inspection inspection = new Inspection(broker);
            Rate rate = new Throughput(broker, INPUT, records).measure(subject, inspection);
            progress.say(String.format(Locale.ROOT, "keys: %,.0f records/s", rate.recordsPerSecond()));
            return new Section(
                    "keys",
                    String.format(
                            Locale.ROOT,
                            "Keys: a model for every key, d = %d, K = %d, mini-batches of %d, one stream thread, exactly"
                                    + " once",
                            WIDTH,
                            COMPONENTS,
                            MINI_BATCH),
                    COLUMNS,
                    List.of(Arrays.asList(
                            keys,
                            records,
                            rate.recordsPerSecond(),
                            rate.threadNanos(),
                            inspection.models,
                            inspection.memory.heapMiB(),
                            before.heapMiB(),
                            inspection.memory.residentMiB(),
                            before.residentMiB(),
                            inspection.storeBytes / MIB,
                            (double) inspection.storeBytes / keys,
                            inspection.changelogBytes / MIB)),
                    List.of(
                            "the same key comes back only after all others; started from given parameters",
                            "memory of the whole process, broker included, after a garbage collection, before and after"
                                    + " the run; stores: RocksDB on disk; changelogs: on the broker, not yet compacted"));
        }
    }

    private byte[] key(long i) {
        return ("key-" + i * STRIDE % keys).getBytes(StandardCharsets.US_ASCII);
    }
}

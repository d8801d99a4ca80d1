package io.onlineem.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Records of three numbers a, b and c drawn from three clusters, some of them spoilt in various ways; every record carries
 * its number in a header. The same seed gives the same records.
 */
final class Workload {

    static final List<String> FIELDS = List.of("a", "b", "c");

    /** The configuration's input.maxBytes that makes the large ones invalid. */
    static final int MAX_BYTES = 2000;

    private static final String ID = "id";
    private static final double[][] CENTRES = {{0, 0, 0}, {8, 0, -8}, {-8, 16, 4}};

    private final String topic;
    private final int partitions;
    private final SplittableRandom random;
    private final List<double[]> observations = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final BitSet valid = new BitSet();
    private final Map<String, Integer> lastClusters = new HashMap<>();
    private int waiting;

    Workload(String topic, int partitions, long seed) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = new SplittableRandom(seed);
    }

    /** Appends so many records, each with its number as key, to random partitions; about that share of them is invalid. */
    Workload add(int count, double invalidShare) {
        for (int i = 0; i < count; i++) {
            String key = Integer.toString(records.size());
            add(key, random.nextInt(partitions), random.nextDouble() < invalidShare);
        }
        return this;
    }

    /** Appends a record of a key; a key's records stay in order. */
    void addOfKey(String key, boolean invalid) {
        add(key, Math.floorMod(key.hashCode(), partitions), invalid);
    }

    /** Appends a record of a key whose records tend to come from the cluster of the one before; clusters overlap. */
    void addOfSequence(String key, long time) {
        int cluster = lastClusters.getOrDefault(key, 0);
        if (random.nextDouble() < 0.2) {
            cluster = random.nextInt(CENTRES.length);
        }
        lastClusters.put(key, cluster);
        add(key, Math.floorMod(key.hashCode(), partitions), draw(CENTRES[cluster], 5), false, time);
    }

    /** Says that so many of the records will wait for their sequence to go on. */
    void leaveWaiting(int count) {
        waiting += count;
    }

    /** Appends a record to each partition that is later than all others by so much: it ends their sequences. */
    void endSequences(long time) {
        for (int partition = 0; partition < partitions; partition++) {
            add("end-" + partition, partition, draw(), false, time);
            waiting++;
        }
    }

    private void add(String key, int partition, boolean invalid) {
        add(key, partition, draw(), invalid, null);
    }

    private void add(String key, int partition, double[] observation, boolean invalid, Long time) {
        byte[] value = invalid ? invalid(observation) : json(observation);
        observations.add(observation);
        valid.set(records.size(), !invalid);
        var id = new RecordHeader(
                ID, ByteBuffer.allocate(Integer.BYTES).putInt(records.size()).array());
        records.add(
                new ProducerRecord<>(topic, partition, time, key.getBytes(StandardCharsets.UTF_8), value, List.of(id)));
    }

    private double[] draw() {
        return draw(CENTRES[random.nextInt(CENTRES.length)], 1);
    }

    private double[] draw(double[] centre, double deviation) {
        double[] drawn = new double[centre.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = centre[i] + deviation * random.nextGaussian();
        }
        return drawn;
    }

    private static byte[] json(double... numbers) {
        return bytes(String.format(Locale.ROOT, "{\"a\":%s,\"b\":%s,\"c\":%s}", numbers[0], numbers[1], numbers[2]));
    }

    private byte[] invalid(double[] numbers) {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1 -> bytes("not JSON");
            case 2 -> new byte[] {(byte) 0xff, 0, (byte) 0xc0};
            case 3 -> bytes("{\"a\":1,\"b\":2}");
            case 4 -> bytes("{\"a\":1,\"b\":2,\"c\":\"3\"}");
            case 5 -> json(numbers[0], Double.NaN, numbers[2]);
            case 6 -> json(Double.NEGATIVE_INFINITY, numbers[1], numbers[2]);
            case 7 -> bytes("{\"a\":1,\"b\":2,\"c\":3");
            default -> bytes("{\"a\":1,\"b\":2,\"c\":3,\"z\":\"" + "z".repeat(MAX_BYTES) + "\"}");
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Number of records. */
    int size() {
        return records.size();
    }

    /** Numbers of the valid records. */
    BitSet valid() {
        return (BitSet) valid.clone();
    }

    /** How many records models count in the end: those that are valid, apart from what waits for its sequence to go on. */
    int counted() {
        return valid.cardinality() - waiting;
    }

    /** Numbers of the other records. */
    BitSet invalid() {
        BitSet invalid = valid();
        invalid.flip(0, records.size());
        return invalid;
    }

    /** A record as it is produced. */
    ProducerRecord<byte[], byte[]> record(int id) {
        return records.get(id);
    }

    /** The observation of a valid record. */
    double[] observation(int id) {
        return observations.get(id);
    }

    /** The mean of the observations of all valid records. */
    double[] mean() {
        double[] mean = new double[FIELDS.size()];
        valid.stream().forEach(id -> {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += observations.get(id)[i] / valid.cardinality();
            }
        });
        return mean;
    }

    /** The number of a record, by the headers of what came of it. */
    static int id(Headers headers) {
        return ByteBuffer.wrap(headers.lastHeader(ID).value()).getInt();
    }
}

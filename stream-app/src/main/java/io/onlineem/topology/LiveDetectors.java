package io.onlineem.topology;

import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.codec.DetectorCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The detectors of one task: on disk as of the last commit, those used last in memory. What has changed since is written once,
 * before the next commit or when its place in memory is needed, however many records came in between.
 *
 * <p>Under a key of its own the store has the name of every stream that has an incident, so that those are found that no record
 * comes to close.
 */
final class LiveDetectors {

    /** Memory for detectors, in bytes as they were last encoded: 32 MiB. */
    static final long CACHED_BYTES = 32L << 20;

    /** What one counts that was never encoded. */
    private static final long NEW_BYTES = 16 << 10;

    private static final byte DETECTOR = 0;
    private static final byte INCIDENT = 1;
    private static final byte[] MARK = {1};

    private final KeyValueStore<Bytes, byte[]> store;
    private final Detection detection;
    private final long cachedBytes;

    /** That used longest ago first. */
    private final Map<String, Live> live = new LinkedHashMap<>(64, 0.75f, true);

    /** Bytes of all in memory. */
    private long bytes;

    /** In the order in which they were changed, so that what is written does not depend on chance. */
    private final Set<Live> changed = new LinkedHashSet<>();

    /** Streams with an incident, and the time before which it is known to stay open if no record comes. */
    private final TreeMap<String, Long> incidents = new TreeMap<>();

    /** A detector in memory. */
    private static final class Live {
        private final String name;
        private final Detector detector;
        private long bytes;

        Live(String name, Detector detector, long bytes) {
            this.name = name;
            this.detector = detector;
            this.bytes = bytes;
        }
    }

    /** @param cachedBytes memory for detectors, as they were last encoded */
    LiveDetectors(KeyValueStore<Bytes, byte[]> store, Detection detection, long cachedBytes) {
        this.store = store;
        this.detection = detection;
        this.cachedBytes = cachedBytes;
        try (KeyValueIterator<Bytes, byte[]> open = store.range(key(INCIDENT, ""), null)) {
            while (open.hasNext()) {
                KeyValue<Bytes, byte[]> entry = open.next();
                byte[] key = entry.key.get();
                incidents.put(new String(key, 1, key.length - 1, StandardCharsets.UTF_8), Long.MIN_VALUE);
            }
        }
    }

    /** The detector of a stream, which will be written before the next commit. */
    Detector change(String name) {
        Live found = live(name);
        changed.add(found);
        return found.detector;
    }

    /** The detector of a stream, as it is. */
    Detector look(String name) {
        return live(name).detector;
    }

    private Live live(String name) {
        Live found = live.get(name);
        if (found == null) {
            byte[] stored = store.get(key(DETECTOR, name));
            found = stored == null
                    ? new Live(name, new Detector(detection, name), NEW_BYTES)
                    : new Live(name, DetectorCodec.decode(stored, detection, name), stored.length);
            live.put(name, found);
            bytes += found.bytes;
            makeRoom();
        }
        return found;
    }

    /** The one used last stays, however large it is. */
    private void makeRoom() {
        for (Iterator<Live> eldest = live.values().iterator(); bytes > cachedBytes && live.size() > 1; ) {
            Live out = eldest.next();
            if (changed.remove(out)) {
                write(out);
            }
            bytes -= out.bytes;
            eldest.remove();
        }
    }

    /** Remembers whether a stream has an incident. */
    void mark(String name, boolean incident) {
        boolean marked = incidents.containsKey(name);
        if (incident && !marked) {
            incidents.put(name, Long.MIN_VALUE);
            store.put(key(INCIDENT, name), MARK);
        } else if (!incident && marked) {
            incidents.remove(name);
            store.delete(key(INCIDENT, name));
        }
    }

    /** The streams whose incident may be over, if no record has come. */
    List<String> withIncident(long streamTime) {
        List<String> due = new ArrayList<>();
        incidents.forEach((name, earliest) -> {
            if (earliest <= streamTime) {
                due.add(name);
            }
        });
        return due;
    }

    /** Remembers that the incident of a stream is not over before that time. */
    void lookAgain(String name, long earliest) {
        incidents.put(name, earliest);
    }

    /** Writes what has changed since the last time. */
    void write() {
        changed.forEach(this::write);
        changed.clear();
        makeRoom();
    }

    private void write(Live one) {
        byte[] encoded = DetectorCodec.encode(one.detector);
        store.put(key(DETECTOR, one.name), encoded);
        bytes += encoded.length - one.bytes;
        one.bytes = encoded.length;
    }

    /** Bytes of the detectors in memory, as they were last encoded. */
    long bytes() {
        return bytes;
    }

    private static Bytes key(byte kind, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + utf8.length];
        key[0] = kind;
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        return Bytes.wrap(key);
    }
}

package io.onlineem.topology;

import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.codec.DetectorCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The detectors of one task: on disk as of the last commit, those used last in memory. What has changed since is written once,
 * before the next commit, however many records came in between.
 *
 * <p>Under a key of its own the store has the name of every stream that has an incident, so that those are found that no record
 * comes to close.
 */
final class LiveDetectors {

    /** Detectors in memory: some tens of kilobytes each. */
    private static final int CACHED = 2000;

    private static final byte DETECTOR = 0;
    private static final byte INCIDENT = 1;
    private static final byte[] MARK = {1};

    private final KeyValueStore<Bytes, byte[]> store;
    private final Detection detection;
    private final Map<String, Live> live;

    /** In the order in which they were changed, so that what is written does not depend on chance. */
    private final List<Live> changed = new ArrayList<>();

    /** Streams with an incident. */
    private final TreeSet<String> incidents = new TreeSet<>();

    /** A detector in memory. */
    private static final class Live {
        private final String name;
        private final Detector detector;

        /** Whether it is not as the store has it. */
        private boolean changed;

        Live(String name, Detector detector) {
            this.name = name;
            this.detector = detector;
        }
    }

    LiveDetectors(KeyValueStore<Bytes, byte[]> store, Detection detection) {
        this.store = store;
        this.detection = detection;
        live = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Live> eldest) {
                if (size() > CACHED) {
                    write(eldest.getValue());
                }
                return size() > CACHED;
            }
        };
        try (KeyValueIterator<Bytes, byte[]> open = store.range(key(INCIDENT, ""), null)) {
            while (open.hasNext()) {
                KeyValue<Bytes, byte[]> entry = open.next();
                byte[] bytes = entry.key.get();
                incidents.add(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
            }
        }
    }

    /** The detector of a stream, which will be written before the next commit. */
    Detector change(String name) {
        Live found = live.get(name);
        if (found == null) {
            byte[] stored = store.get(key(DETECTOR, name));
            found = new Live(
                    name,
                    stored == null ? new Detector(detection, name) : DetectorCodec.decode(stored, detection, name));
            live.put(name, found);
        }
        if (!found.changed) {
            found.changed = true;
            changed.add(found);
        }
        return found.detector;
    }

    /** Remembers whether a stream has an incident. */
    void mark(String name, boolean incident) {
        if (incident ? incidents.add(name) : incidents.remove(name)) {
            store.put(key(INCIDENT, name), incident ? MARK : null);
        }
    }

    /** The streams that have an incident; a copy. */
    List<String> withIncident() {
        return List.copyOf(incidents);
    }

    /** Writes what has changed since the last time. */
    void write() {
        changed.forEach(this::write);
        changed.clear();
    }

    private void write(Live one) {
        if (one.changed) {
            store.put(key(DETECTOR, one.name), DetectorCodec.encode(one.detector));
            one.changed = false;
        }
    }

    private static Bytes key(byte kind, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + utf8.length];
        key[0] = kind;
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        return Bytes.wrap(key);
    }
}

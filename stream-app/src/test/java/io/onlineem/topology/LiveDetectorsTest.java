package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Threshold;
import io.onlineem.codec.DetectorCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class LiveDetectorsTest {

    private static final int STREAMS = 40;
    private static final int RECORDS = 8000;
    private static final Detection DETECTION = Detection.DEFAULTS
            .withThreshold(Threshold.tailProbability(1e-2))
            .withCalibration(AnomalySettings.DEFAULTS.withChannels(
                    Channel.RECORD, Channel.of("minimum-5"), Channel.of("mean-20")));

    private final KeyValueStore<Bytes, byte[]> store = store();
    private final SplittableRandom random = new SplittableRandom(3);

    private static KeyValueStore<Bytes, byte[]> store() {
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("detectors"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
        store.init(context.getStateStoreContext(), store);
        return store;
    }

    @Test
    void whatHasNoRoomInMemoryLosesNothing() {
        long most = 60_000;
        LiveDetectors live = new LiveDetectors(store, DETECTION, most);
        List<Detector> kept = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            kept.add(new Detector(DETECTION, "m/" + i));
        }
        long largest = 0;
        for (int record = 0; record < RECORDS; record++) {
            int stream = random.nextInt(STREAMS);
            double surprise = random.nextExponential() + (record % 100 == 99 ? 30 : 0);
            Detector.Finding finding = live.change("m/" + stream).observe(surprise, record);
            Detector.Finding expected = kept.get(stream).observe(surprise, record);
            assertThat(finding.events()).isEqualTo(expected.events());
            assertThat(finding.score().tailProbability())
                    .isEqualTo(expected.score().tailProbability());
            live.mark("m/" + stream, kept.get(stream).hasIncident());
            if (record % 100 == 99) {
                live.write();
                largest = Math.max(largest, live.bytes());
            }
        }
        live.write();

        int all = 0;
        LiveDetectors restarted = new LiveDetectors(store, DETECTION, most);
        for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = DetectorCodec.encode(kept.get(i));
            all += bytes.length;
            assertThat(DetectorCodec.encode(restarted.look("m/" + i))).isEqualTo(bytes);
        }
        assertThat(restarted.withIncident(RECORDS))
                .isEqualTo(live.withIncident(RECORDS))
                .isNotEmpty();
        assertThat((long) all).as("more than there is room for").isGreaterThan(3 * most);
        assertThat(largest).isLessThanOrEqualTo(most);
    }

    @Test
    void oneThatIsLargerThanTheMemoryIsKeptWhileItIsUsed() {
        LiveDetectors live = new LiveDetectors(store, DETECTION, 1);
        Detector first = live.change("m/0");
        assertThat(live.change("m/0")).isSameAs(first);
        live.change("m/1");
        assertThat(live.change("m/0")).isNotSameAs(first);
    }

    @Test
    void onlyWhatHasChangedIsWritten() {
        LiveDetectors live = new LiveDetectors(store, DETECTION, LiveDetectors.CACHED_BYTES);
        live.change("m/0").observe(1, 0);
        live.look("m/1");
        live.write();
        assertThat(live.withIncident(0)).isEmpty();
        assertThat(store.approximateNumEntries()).isEqualTo(1);
    }

    @Test
    void anIncidentThatCannotBeOverIsNotLookedAt() {
        LiveDetectors live = new LiveDetectors(store, DETECTION, LiveDetectors.CACHED_BYTES);
        live.mark("m/0", true);
        assertThat(live.withIncident(0)).containsExactly("m/0");
        live.lookAgain("m/0", 10);
        live.mark("m/0", true);
        assertThat(live.withIncident(9)).isEmpty();
        assertThat(live.withIncident(10)).containsExactly("m/0");
        live.mark("m/0", false);
        assertThat(live.withIncident(10)).isEmpty();
    }
}

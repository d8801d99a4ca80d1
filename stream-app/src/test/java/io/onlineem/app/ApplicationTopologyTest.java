package io.onlineem.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ApplicationTopologyTest {

    private static long timestamp(long ofRecord, long ofPartition) {
        return ApplicationTopology.timestamp(
                new ConsumerRecord<>(
                        "in",
                        0,
                        0,
                        ofRecord,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        null,
                        null,
                        new RecordHeaders(),
                        Optional.empty()),
                ofPartition);
    }

    @Test
    void aRecordWithoutTimestampGetsTheNewestOfItsPartition() {
        assertThat(timestamp(5, 9)).isEqualTo(5);
        assertThat(timestamp(-1, 9)).isEqualTo(9);
        assertThat(timestamp(-1, -1)).isZero();
    }

    @Test
    void aKeyThatIsNoTextIsNamedByItsBytes() {
        assertThat(ApplicationTopology.keyName(new byte[] {'k', (byte) 0xc3, (byte) 0xa9}))
                .isEqualTo("ké");
        assertThat(ApplicationTopology.keyName(new byte[] {'k', (byte) 0xff})).isEqualTo("0x6bff");
    }
}

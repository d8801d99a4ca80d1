package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.em.Observations;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlotCodecTest {

    @Test
    void slotsRebuildTheMiniBatchTheyWereWrittenFrom() {
        Observations batch = Examples.observations();
        Observations rebuilt = new Observations();

        for (int i = 0; i < batch.size(); i++) {
            byte[] slot = SlotCodec.encode(i + 1, -i, batch, i);
            assertThat(SlotCodec.sequence(slot)).isEqualTo(i + 1);
            assertThat(SlotCodec.logLikelihood(slot)).isEqualTo(-i);
            SlotCodec.appendTo(rebuilt, slot);
        }

        rebuilt.setMemory(batch.memory());
        rebuilt.setLookAhead(batch.lookAhead());
        assertThat(ObservationsCodec.encode(rebuilt)).isEqualTo(ObservationsCodec.encode(batch));
    }

    @Test
    void aRecordThatWasNotScoredHasNoLogLikelihood() {
        byte[] slot = SlotCodec.encode(1, Double.NaN, Examples.observations(), 0);

        assertThat(SlotCodec.logLikelihood(slot)).isNaN();
    }

    @Test
    void aSlotTakesThirtyTwoBytesAndItsNumbers() {
        assertThat(SlotCodec.encode(1, -1, Examples.observations(), 0)).hasSize(32 + 3 * Double.BYTES);
    }

    @Test
    void aTruncatedSlotIsRefused() {
        byte[] slot = SlotCodec.encode(1, -1, Examples.observations(), 0);
        byte[] truncated = Arrays.copyOf(slot, slot.length - 1);

        assertThatThrownBy(() -> SlotCodec.sequence(truncated))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("55 bytes", "expected 32, 8 for each number and its texts");
    }

    @Test
    void aSlotWhoseTextIsCutOffIsRefused() {
        byte[] slot = SlotCodec.encode(1, -1, Examples.categories(), 1);
        for (int length = slot.length - 1; length > slot.length - 7; length--) {
            byte[] truncated = Arrays.copyOf(slot, length);
            assertThatThrownBy(() -> SlotCodec.appendTo(new Observations(), truncated))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("truncated or corrupt");
        }
    }

    @Test
    void aValueOfAnotherKindIsNoSlot() {
        byte[] observations = ObservationsCodec.encode(Examples.observations());

        assertThatThrownBy(() -> SlotCodec.logLikelihood(observations))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("is observations", "expected a slot");
    }
}

package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Observations;
import org.junit.jupiter.api.Test;

class ObservationsCodecTest {

    @Test
    void emptyObservationsStayEmpty() {
        Observations decoded = ObservationsCodec.decode(ObservationsCodec.encode(new Observations()));

        assertThat(decoded.size()).isZero();
        assertThat(decoded.memory()).isEmpty();
        assertThat(decoded.lookAhead()).isZero();
    }

    @Test
    void recordsOfAReusedContainerAreWrittenWithoutWhatItHeldBefore() {
        Observations reused = Examples.observations();
        reused.clear();
        reused.add(new double[] {1, 2});

        byte[] bytes = ObservationsCodec.encode(reused);

        assertThat(bytes).isEqualTo(ObservationsCodec.encode(Observations.of(new double[] {1, 2})));
    }

    @Test
    void weightsTakeRoomOnlyWhereTheyAreGiven() {
        Observations plain = Observations.of(new double[] {1}, new double[] {2});
        Observations weighted = new Observations();
        weighted.add(new double[] {1}, 0, 1, 3);
        weighted.add(new double[] {2});

        byte[] bytes = ObservationsCodec.encode(weighted);

        assertThat(bytes).hasSize(ObservationsCodec.encode(plain).length + 2 * Double.BYTES);
        assertThat(ObservationsCodec.decode(bytes).weight(0)).isEqualTo(3);
        assertThat(ObservationsCodec.decode(bytes).weight(1)).isEqualTo(1);
    }

    @Test
    void decodedObservationsGrow() {
        Observations decoded = ObservationsCodec.decode(ObservationsCodec.encode(Examples.observations()));

        decoded.add(new double[] {5, 6, 7, 8});

        assertThat(decoded.record(decoded.size() - 1)).containsExactly(5, 6, 7, 8);
    }
}

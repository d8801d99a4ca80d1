package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlineem.em.Posterior;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of format version 1, as they stand in topics. */
class PosteriorBinaryTest {

    private static final ScoredRecord SCORED =
            new ScoredRecord("wind", 258, new Posterior(new double[] {0.25, 0.75}, -2));

    private static final String SCORED_BYTES = "4550" + "01" + "01" + "0000000000000102" + "0004" + "77696e64"
            + "c000000000000000" + "00000002" + "3fd0000000000000" + "3fe8000000000000";

    private static final ScoredRecord WARMING_UP = new ScoredRecord("wind", 0, null);

    private static final String WARMING_UP_BYTES = "4550" + "01" + "00" + "0000000000000000" + "0004" + "77696e64";

    @Test
    void aScoredRecordHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(SCORED))).isEqualTo(SCORED_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(SCORED_BYTES)))
                .isEqualTo(SCORED);
    }

    @Test
    void aRecordOfTheWarmUpHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(WARMING_UP))).isEqualTo(WARMING_UP_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(WARMING_UP_BYTES)))
                .isEqualTo(WARMING_UP);
    }

    @Test
    void anUnknownVersionIsNamedBesideTheKnownOne() {
        byte[] bytes = PosteriorBinary.encode(SCORED);
        bytes[2] = 9;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosteriorBinary.decode(bytes))
                .withMessageContaining("format version 9")
                .withMessageContaining("version 1");
    }

    @Test
    void bytesThatAreCutOffAnywhereAreAnError() {
        byte[] bytes = PosteriorBinary.encode(SCORED);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PosteriorBinary.decode(cut))
                    .withMessageContaining(length + " bytes");
        }
    }
}

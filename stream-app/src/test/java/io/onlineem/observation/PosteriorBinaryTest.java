package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Reason;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Posterior;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of format versions 1 to 3, as they stand in topics. */
class PosteriorBinaryTest {

    private static final ScoredRecord SCORED =
            new ScoredRecord("wind", 258, new Posterior(new double[] {0.25, 0.75}, -2));

    private static final String SCORED_BYTES = "4550" + "01" + "01" + "0000000000000102" + "0004" + "77696e64"
            + "c000000000000000" + "00000002" + "3fd0000000000000" + "3fe8000000000000";

    private static final ScoredRecord INCOMPLETE = new ScoredRecord(
            "wind",
            258,
            new Posterior(
                    new double[] {1},
                    -2,
                    List.of(new Imputation.Value(3, 0.25, null), new Imputation.Value(0, Double.NaN, "DE"))));

    private static final String INCOMPLETE_BYTES = "4550" + "02" + "01" + "0000000000000102" + "0004" + "77696e64"
            + "c000000000000000" + "00000001" + "3ff0000000000000" + "00000002" + "00000003" + "00"
            + "3fd0000000000000" + "00000000" + "01" + "00000002" + "4445";

    private static final ScoredRecord FILTERED = new ScoredRecord(
            "wind",
            258,
            new Posterior(
                    new double[0],
                    -2,
                    List.of(new Imputation.Value(3, 0.25, null)),
                    new Fields()
                            .with("gain", 1.0)
                            .with("mean", new double[] {-2, 0.25})
                            .with("cov", new double[][] {{1}, {0.75}})));

    private static final String FILTERED_BYTES = "4550" + "03" + "01" + "0000000000000102" + "0004" + "77696e64"
            + "c000000000000000" + "00000000" + "00000001" + "00000003" + "00" + "3fd0000000000000" + "00000003"
            + "0004" + "6761696e" + "01" + "3ff0000000000000"
            + "0004" + "6d65616e" + "03" + "00000002" + "c000000000000000" + "3fd0000000000000"
            + "0003" + "636f76" + "04" + "00000002" + "00000001" + "3ff0000000000000" + "00000001" + "3fe8000000000000";

    private static final ScoredRecord ANOMALOUS = new ScoredRecord(
            "wind",
            258,
            new Posterior(new double[] {1}, -2),
            new Anomaly(
                    1,
                    0.25,
                    0.75,
                    "a",
                    new Explanation(
                            2, 0, 1, List.of(new Reason(1, 1, "FR", Double.NaN, Double.NaN, "DE", 0.25, 0.75, 0)))));

    private static final String ANOMALOUS_BYTES = "4550" + "04" + "01" + "0000000000000102" + "0004" + "77696e64"
            + "c000000000000000" + "00000001" + "3ff0000000000000" + "00000000" + "00000000"
            + "3ff0000000000000" + "3fd0000000000000" + "3fe8000000000000" + "00000001" + "61" + "01"
            + "4000000000000000" + "00000000" + "3ff0000000000000" + "00000001"
            + "00000001" + "3ff0000000000000" + "7ff8000000000000" + "7ff8000000000000" + "3fd0000000000000"
            + "3fe8000000000000" + "0000000000000000" + "00000002" + "4652" + "00000002" + "4445";

    private static final ScoredRecord WARMING_UP = new ScoredRecord("wind", 0, null);

    private static final String WARMING_UP_BYTES = "4550" + "01" + "00" + "0000000000000000" + "0004" + "77696e64";

    @Test
    void aScoredRecordHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(SCORED))).isEqualTo(SCORED_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(SCORED_BYTES)))
                .isEqualTo(SCORED);
    }

    @Test
    void anUnusualRecordHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(ANOMALOUS))).isEqualTo(ANOMALOUS_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(ANOMALOUS_BYTES)))
                .isEqualTo(ANOMALOUS);
    }

    @Test
    void aRecordWithoutAnIncidentOrAnExplanationComesBackToo() {
        ScoredRecord plain =
                new ScoredRecord("wind", 1, new Posterior(new double[0], -2), new Anomaly(0.5, 0.1, 1, null, null));

        assertThat(PosteriorBinary.decode(PosteriorBinary.encode(plain))).isEqualTo(plain);
    }

    @Test
    void aRecordOfTheWarmUpHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(WARMING_UP))).isEqualTo(WARMING_UP_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(WARMING_UP_BYTES)))
                .isEqualTo(WARMING_UP);
    }

    @Test
    void aRecordWithMissingValuesHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(INCOMPLETE))).isEqualTo(INCOMPLETE_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(INCOMPLETE_BYTES)))
                .isEqualTo(INCOMPLETE);
    }

    @Test
    void aRecordWithOutputsHasTheDocumentedBytes() {
        assertThat(HexFormat.of().formatHex(PosteriorBinary.encode(FILTERED))).isEqualTo(FILTERED_BYTES);
        assertThat(PosteriorBinary.decode(HexFormat.of().parseHex(FILTERED_BYTES)))
                .isEqualTo(FILTERED);
    }

    @Test
    void anOutputOfAnUnknownTypeIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosteriorBinary.decode(
                        HexFormat.of().parseHex(FILTERED_BYTES.replace("6d65616e03", "6d65616e09"))))
                .withMessage("type of an output is 9; expected 1, 3 or 4");
    }

    @Test
    void anUnknownVersionIsNamedBesideTheKnownOne() {
        byte[] bytes = PosteriorBinary.encode(SCORED);
        bytes[2] = 9;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosteriorBinary.decode(bytes))
                .withMessageContaining("format version 9")
                .withMessageContaining("version 1 to 4");
    }

    @Test
    void bytesThatAreCutOffAnywhereAreAnError() {
        assertCutOffIsAnError(PosteriorBinary.encode(SCORED));
        assertCutOffIsAnError(PosteriorBinary.encode(INCOMPLETE));
        assertCutOffIsAnError(PosteriorBinary.encode(FILTERED));
    }

    private static void assertCutOffIsAnError(byte[] bytes) {
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PosteriorBinary.decode(cut))
                    .withMessageContaining(length + " bytes");
        }
    }
}

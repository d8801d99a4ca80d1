package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.em.Statistics;
import org.junit.jupiter.api.Test;

class ContributionCodecTest {

    private final ContributionCodec codec =
            new ContributionCodec(Examples.model().statisticsLength());

    @Test
    void statisticsKeepTheirBits() {
        Statistics statistics = Examples.statistics();
        statistics.sums()[0] = -0.0;
        statistics.sums()[1] = Double.MIN_VALUE;

        Contribution decoded = codec.decode(codec.encode(new Contribution.Batch(Long.MAX_VALUE, statistics)));

        assertThat(decoded).usingRecursiveComparison().isEqualTo(new Contribution.Batch(Long.MAX_VALUE, statistics));
    }

    @Test
    void statisticsCarryTheirSample() {
        Contribution decoded = codec.decode(codec.encode(new Contribution.Batch(1, Examples.sampledStatistics())));

        assertThat(decoded).isInstanceOfSatisfying(Contribution.Batch.class, batch -> assertThat(
                        ObservationsCodec.encode(batch.statistics().sample()))
                .isEqualTo(ObservationsCodec.encode(Examples.sample())));
    }

    @Test
    void aSampleKeepsItsRecords() {
        Contribution decoded = codec.decode(codec.encode(new Contribution.Sample(Examples.observations())));

        assertThat(decoded).isInstanceOfSatisfying(Contribution.Sample.class, sample -> assertThat(
                        ObservationsCodec.encode(sample.records()))
                .isEqualTo(ObservationsCodec.encode(Examples.observations())));
    }

    @Test
    void statisticsOfAnotherModelAreNeitherWrittenNorRead() {
        int length = Examples.model().statisticsLength();
        Contribution contribution = new Contribution.Batch(1, Examples.statistics());
        ContributionCodec other = new ContributionCodec(length + 1);
        byte[] bytes = codec.encode(contribution);

        assertThatThrownBy(() -> other.encode(contribution))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(length + " sums", "expected " + (length + 1));
        assertThatThrownBy(() -> other.decode(bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(length + " sums", "expected " + (length + 1), "another application id");
    }

    @Test
    void anotherKindIsRefused() {
        assertThatThrownBy(() -> codec.decode(ObservationsCodec.encode(Examples.observations())))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("a value is observations", "expected statistics of a mini-batch");
    }
}

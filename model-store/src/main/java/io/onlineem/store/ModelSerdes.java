package io.onlineem.store;

import io.onlineem.codec.Contribution;
import io.onlineem.codec.ContributionCodec;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes of the topics between the tasks of a topology: thin coats around the codecs. Thread-safe. */
public final class ModelSerdes {

    private ModelSerdes() {}

    /** Values of the statistics topic, of a model with that many statistics. */
    public static Serde<Contribution> contributions(int statisticsLength) {
        ContributionCodec codec = new ContributionCodec(statisticsLength);
        return Serdes.serdeFrom(
                (topic, contribution) -> contribution == null ? null : codec.encode(contribution),
                (topic, bytes) -> bytes == null ? null : codec.decode(bytes));
    }
}

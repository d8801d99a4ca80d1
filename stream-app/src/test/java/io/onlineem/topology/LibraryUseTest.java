package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Learning;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;

/** What the README shows to Kafka Streams developers: their types, their builder, a few lines of ours. */
class LibraryUseTest {

    record Payment(double amount, double hour) {}

    private static final Serde<Payment> PAYMENTS = Serdes.serdeFrom(
            (topic, payment) ->
                    payment == null ? null : (payment.amount() + ";" + payment.hour()).getBytes(StandardCharsets.UTF_8),
            (topic, bytes) -> {
                if (bytes == null) {
                    return null;
                }
                String[] parts = new String(bytes, StandardCharsets.UTF_8).split(";", 2);
                return new Payment(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
            });

    @Test
    void aStreamOfTheUsersOwnTypeIsScoredInsideTheUsersOwnTopology() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Payment> payments = builder.stream("payments", Consumed.with(Serdes.String(), PAYMENTS));

        ModelSpec spec =
                new ModelSpec("mixture", "gaussian", 2, List.of("amount", "hour"), Map.of("covariance", "full"));
        StreamModel<?> model =
                StreamModel.of("fraud", spec, Learning.DEFAULTS.withWarmUp(200).withMiniBatch(32));
        var scored = OnlineEmTopology.shared(model, "fraud-models")
                .addTo(
                        builder,
                        payments,
                        () -> (payment, into) -> into.add(new double[] {positive(payment.amount()), payment.hour()}));
        scored.posteriors()
                .filterNot((account, record) -> record.isWarmingUp())
                .mapValues(record -> -record.posterior().logLikelihood())
                .to("surprise", Produced.with(Serdes.String(), Serdes.Double()));
        scored.rejected().to("refused", Produced.with(Serdes.String(), PAYMENTS));

        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), new Properties())) {
            var input = driver.createInputTopic("payments", new StringSerializer(), PAYMENTS.serializer());
            var surprise = driver.createOutputTopic("surprise", new StringDeserializer(), new DoubleDeserializer());
            var refused = driver.createOutputTopic("refused", new StringDeserializer(), PAYMENTS.deserializer());
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 1000; i++) {
                input.pipeInput("account", new Payment(20 + random.nextGaussian(), 12 + 2 * random.nextGaussian()));
            }
            double usual = surprise.readValuesToList().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
            input.pipeInput("account", new Payment(900, 3));
            input.pipeInput("account", new Payment(-1, 3));
            assertThat(surprise.readValue()).isGreaterThan(100 * usual);
            assertThat(surprise.isEmpty()).isTrue();
            assertThat(refused.readValue()).isEqualTo(new Payment(-1, 3));
        }
    }

    @Test
    void valuesThatAreAbsentOrNoNumbersAreRejectedWhateverTheReaderDoes() {
        StreamsBuilder builder = new StreamsBuilder();
        ModelSpec spec = new ModelSpec("mixture", "gaussian", 1, List.of("amount", "hour"), Map.of());
        StreamModel<?> model =
                StreamModel.of("fraud", spec, Learning.DEFAULTS.withWarmUp(4).withMiniBatch(1));
        var scored = OnlineEmTopology.shared(model, "fraud-models")
                .addTo(
                        builder,
                        builder.stream("payments", Consumed.with(Serdes.String(), PAYMENTS)),
                        () -> (payment, into) -> into.add(new double[] {payment.amount(), payment.hour()}));
        scored.posteriors()
                .mapValues(record -> record.version())
                .to("versions", Produced.with(Serdes.String(), Serdes.Long()));
        scored.rejected()
                .mapValues(payment -> String.valueOf(payment))
                .to("refused", Produced.with(Serdes.String(), Serdes.String()));

        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), new Properties())) {
            var input = driver.createInputTopic("payments", new StringSerializer(), PAYMENTS.serializer());
            var versions = driver.createOutputTopic("versions", new StringDeserializer(), new LongDeserializer());
            var refused = driver.createOutputTopic("refused", new StringDeserializer(), new StringDeserializer());
            Payment noNumber = new Payment(Double.NaN, 3);
            Payment tooLarge = new Payment(1e200, 3);
            input.pipeInput("account", null);
            input.pipeInput("account", noNumber);
            input.pipeInput("account", tooLarge);
            for (int i = 0; i < 5; i++) {
                input.pipeInput("account", new Payment(20 + i % 2, 12 + i % 3));
            }

            assertThat(refused.readValuesToList()).containsExactly("null", noNumber.toString(), tooLarge.toString());
            assertThat(versions.readValuesToList()).containsExactly(0L, 0L, 0L, 0L, 1L);
        }
    }

    private static double positive(double amount) {
        if (!(amount > 0)) {
            throw new InvalidObservationException(
                    Reason.NOT_FINITE, "the amount is " + amount + "; expected more than 0");
        }
        return amount;
    }
}

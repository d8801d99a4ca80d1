package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** A broker that is killed and started again with the same directory. */
class KilledBrokerIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final BrokerProcess broker = BrokerProcess.victim();

    @RepeatedTest(3)
    void aTransactionUnderWayIsAbortedAndHoldsUpNoReader(RepetitionInfo repetition)
            throws ExecutionException, InterruptedException {
        TestApplication topics =
                new TestApplication("killed-" + repetition.getCurrentRepetition(), broker.bootstrapServers());
        topics.createInput(1, Map.of());
        Deadline deadline = Deadline.in(LIMIT);
        KafkaProducer<String, String> lost = producer(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                topics.name(),
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                1000));
        try {
            lost.initTransactions();
            lost.beginTransaction();
            lost.send(new ProducerRecord<>(topics.input(), "under way")).get();
            broker.killAndRestart();
        } finally {
            lost.close(Duration.ZERO);
        }
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>(topics.input(), "afterwards")).get();
        }
        List<String> values = new ArrayList<>();
        try (TopicReader reader = topics.read(topics.input())) {
            while (values.isEmpty()) {
                deadline.require(() -> "a record behind the transaction is read");
                reader.poll(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
        }
        assertThat(values).containsExactly("afterwards");
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }
}

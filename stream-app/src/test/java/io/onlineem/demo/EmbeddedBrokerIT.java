package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedBrokerIT {

    private static final String TOPIC = "words";

    @Test
    void showsReadersOfCommittedDataOnlyCommittedTransactions() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            createTopic(broker);
            try (Producer<String, String> producer = transactionalProducer(broker)) {
                producer.initTransactions();
                send(producer, "committed", true);
                send(producer, "aborted", false);
                send(producer, "last", true);
            }

            assertThat(readCommitted(broker, 2)).containsExactly("committed", "last");
        }
    }

    @Test
    void removesItsTemporaryLogDirectoryAtClose() {
        EmbeddedBroker broker = EmbeddedBroker.start();
        assertThat(broker.logDirectory()).isDirectoryContaining("glob:**meta.properties");

        broker.close();
        broker.close();

        assertThat(broker.logDirectory()).doesNotExist();
    }

    @Test
    void goesOnWithTheTopicsOfAGivenLogDirectory(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().logDirectory(directory).start()) {
            createTopic(broker);
        }
        try (EmbeddedBroker broker =
                        EmbeddedBroker.builder().logDirectory(directory).start();
                Admin admin = admin(broker)) {
            assertThat(admin.listTopics().names().get()).contains(TOPIC);
        }
    }

    @Test
    void refusesALogDirectoryThatAnotherBrokerUses(@TempDir Path directory) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder().logDirectory(directory);
        try (EmbeddedBroker broker = builder.start()) {
            assertThatIllegalStateException()
                    .isThrownBy(builder::start)
                    .withMessageContaining(broker.logDirectory() + " is in use by another broker");
        }
    }

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder().port(taken.getLocalPort());

            assertThatIllegalStateException()
                    .isThrownBy(builder::start)
                    .withMessageContaining("cannot start on 127.0.0.1:" + taken.getLocalPort())
                    .withMessageContaining("in use")
                    .withMessageContaining("another port");
        }
    }

    private static void createTopic(EmbeddedBroker broker) throws ExecutionException, InterruptedException {
        try (Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static Producer<String, String> transactionalProducer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "words"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(Producer<String, String> producer, String word, boolean commit)
            throws ExecutionException, InterruptedException {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, word)).get();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static List<String> readCommitted(EmbeddedBroker broker, int count) {
        List<String> words = new ArrayList<>();
        try (Consumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (words.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(consumed -> words.add(consumed.value()));
            }
        }
        return words;
    }
}

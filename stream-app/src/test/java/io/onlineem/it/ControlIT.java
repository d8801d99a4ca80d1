package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.codec.Acknowledgement.Outcome;
import io.onlineem.codec.Command;
import io.onlineem.codec.CommandJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands to models whose application is killed with SIGKILL while they come. */
class ControlIT {

    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final int PARTITIONS = 3;
    private static final byte[] PARAMETERS = bytes("{\"weights\":[0.3,0.3,0.4],\"means\":[[0,0,0],[8,0,-8],[-8,16,4]],"
            + "\"covariances\":[[[1,0,0],[0,1,0],[0,0,1]],[[1,0,0],[0,1,0],[0,0,1]],[[1,0,0],[0,1,0],[0,0,1]]]}");

    private final BrokerProcess broker = BrokerProcess.shared();

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends commands, and knows where in the control topic each of them is. */
    private final class Sender implements AutoCloseable {

        private final String topic;
        private final SplittableRandom random;
        private final Map<String, List<String>> idsByPlace = new HashMap<>();
        private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
        private int count;

        Sender(String topic, long seed) {
            this.topic = topic;
            this.random = new SplittableRandom(seed);
        }

        /** Any command; some twice under one id, some that are none. */
        void sendAny(String model, int partition) {
            Command command = any(model);
            send(model, partition, command);
            if (random.nextInt(5) == 0) {
                send(model, partition, command);
            }
        }

        private Command any(String model) {
            String id = "command-" + count++;
            return switch (random.nextInt(16)) {
                case 0, 1, 2 -> Command.of(id, "pause");
                case 3, 4, 5, 6 -> Command.of(id, "resume");
                case 7 -> Command.of(id, "reset");
                case 8 -> Command.of(id, "load").with("document", PARAMETERS);
                case 9 -> Command.of(id, "step-size").with("stepSize", bytes("{\"exponent\":0.8}"));
                case 10 -> Command.of(id, "stop");
                case 11, 12 -> Command.of(id, "maintenance").with("to", bytes("" + (1000 + count)));
                case 13 -> Command.of(id, "end-maintenance");
                case 14 -> Command.of(id, "fine").with("incident", model + (model.contains("/") ? "#1" : "/0#1"));
                default -> Command.of(id, "load").with("document", bytes("{\"weights\":[1]}"));
            };
        }

        String resume(String model, int partition) {
            String id = "resume-" + count++;
            send(model, partition, Command.of(id, "resume"));
            return id;
        }

        private void send(String model, int partition, Command command) {
            try {
                RecordMetadata place = producer.send(
                                new ProducerRecord<>(topic, partition, model, CommandJson.write(command)))
                        .get();
                idsByPlace
                        .computeIfAbsent(place.partition() + "@" + place.offset(), any -> new ArrayList<>())
                        .add(command.id());
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    private TestApplication application(String name, String scope, String learning) {
        TestApplication application = new TestApplication(name, broker.bootstrapServers())
                .set("model", "{scope: " + scope + ", components: 3}")
                .set("control", "{topic: " + name + "-control}")
                .set("anomaly", "{enabled: true}")
                .set("learning", learning);
        application.createInput(PARTITIONS, Map.of());
        return application;
    }

    @Test
    void commandsToASharedModelAreAppliedOnceAndCountsAgreeWithThemWhateverIsKilled() {
        TestApplication application = application(
                "control-shared", "shared", "{miniBatch: 32, warmUp: 300, starts: 2, flushInterval: 300ms}");
        int records = 24_000;
        Workload workload = new Workload(application.input(), PARTITIONS, 41).add(records, 0.01);
        Map<String, Integer> models = Map.of("control-shared", 0);
        Map<String, Long> valid =
                Map.of("control-shared", (long) workload.valid().cardinality());
        run(application, workload, models, valid, 4000, 300);
    }

    @Test
    void commandsToModelsOfKeysAreAppliedOnceAndCountsAgreeWithThemWhateverIsKilled() {
        TestApplication application =
                application("control-keys", "per-key", "{miniBatch: 16, warmUp: 50, starts: 2, flushInterval: 300ms}");
        int keys = 12;
        int records = 16_000;
        Workload workload = new Workload(application.input(), PARTITIONS, 42);
        Map<String, Integer> models = new HashMap<>();
        Map<String, Long> valid = new HashMap<>();
        for (int i = 0; i < records; i++) {
            String key = "key-" + i % keys;
            workload.addOfKey(key, false);
            models.put("control-keys/" + key, workload.record(i).partition());
            valid.merge("control-keys/" + key, 1L, Long::sum);
        }
        run(application, workload, models, valid, 2000, 150);
    }

    /** Lets the workload flow, with commands to the models, each in its partition, and a kill after every so many records. */
    private void run(
            TestApplication application,
            Workload workload,
            Map<String, Integer> models,
            Map<String, Long> valid,
            int recordsBetweenKills,
            int recordsBetweenCommands) {
        List<String> names = models.keySet().stream().sorted().toList();
        SplittableRandom random = new SplittableRandom(43);
        Deadline deadline = Deadline.in(LIMIT);
        ControlLedger ledger = new ControlLedger(application);
        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, deadline);
                Sender sender = new Sender(application.name() + "-control", 44);
                TopicReader published = application.read(application.models())) {
            int nextKill = recordsBetweenKills;
            int quiet = workload.size() * 3 / 4;
            // models that begin anew in the end have to get through their warm-up
            for (int flowed = recordsBetweenCommands; flowed < quiet; flowed += recordsBetweenCommands) {
                run.flowUntil(flowed, recordsBetweenCommands);
                String model = names.get(random.nextInt(names.size()));
                for (int burst = random.nextInt(1, 4); burst > 0; burst--) {
                    sender.sendAny(model, models.get(model));
                }
                if (flowed >= nextKill) {
                    nextKill += recordsBetweenKills;
                    run.killAndRestart();
                    if (random.nextBoolean()) {
                        run.awaitMember();
                        sender.sendAny(model, models.get(model));
                        run.killAndRestart();
                    }
                }
            }
            names.forEach(model -> sender.resume(model, models.get(model)));
            run.flowAll();
            for (String model : names) {
                String id = "";
                while (ledger.accounted(model) != valid.get(model)) {
                    if (id.isEmpty() || ledger.hasAcknowledged(id)) {
                        // tells how many are left out by now
                        id = sender.resume(model, models.get(model));
                    }
                    run.requireAlive();
                    deadline.require(() -> "all " + valid.get(model) + " records of " + model
                            + " accounted for, of which " + ledger.accounted(model) + " are");
                    published.poll(ledger::add);
                }
            }
            run.stop();
            published.readToEnd(deadline, ledger::add);
            ledger.requireAcknowledgedOnce(sender.idsByPlace);
        }
        assertThat(ledger.outcomes()).containsOnlyKeys(Outcome.values());
        for (String model : names) {
            ledger.requirePausesKept(model);
            ledger.requireOrdersKept(model);
            assertThat(ledger.accounted(model)).as("records of %s", model).isEqualTo(valid.get(model));
        }
    }
}

package io.onlineem.app;

import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the topics of a configuration exist before the topology starts. */
final class TopicSetup {

    /** Largest record of the models and statistics topics, in bytes: a full covariance of 64 dimensions and 32 components. */
    static final int MAX_MODEL_BYTES = 16 << 20;

    /** Room for key, headers and record framing beside the value of a dead letter. */
    static final int OVERHEAD_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    private static final long TIMEOUT_SECONDS = 60;
    private static final Duration KNOWN_POLL = Duration.ofMillis(50);

    private final Admin admin;
    private final Configuration configuration;

    TopicSetup(Admin admin, Configuration configuration) {
        this.admin = admin;
        this.configuration = configuration;
    }

    /**
     * A topic as it has to be.
     *
     * @param partitions how many, or empty for those of the configuration, otherwise as many as the input has
     * @param asInput whether it has as many as the input, whatever the configuration says
     */
    private record Plan(Optional<Integer> partitions, boolean asInput, Map<String, String> settings) {

        Plan(Optional<Integer> partitions, Map<String, String> settings) {
            this(partitions, false, settings);
        }
    }

    /**
     * Creates what is missing.
     *
     * @return the configuration, with dead letters no larger than an existing topic takes
     * @throws StartException if a topic is missing and may not be created, or the cluster does not answer
     */
    Configuration ensure() {
        Configuration.Output output = configuration.output();
        boolean shared = configuration.model().scope() == Scope.SHARED;
        Map<String, Plan> plans = new LinkedHashMap<>();
        plans.put(configuration.input().topic(), new Plan(Optional.empty(), Map.of()));
        plans.put(output.posteriorsTopic(), new Plan(Optional.empty(), Map.of()));
        output.smoothedTopic().ifPresent(topic -> plans.put(topic, new Plan(Optional.empty(), Map.of())));
        configuration
                .anomalies()
                .ifPresent(anomalies -> plans.put(anomalies.alertsTopic(), new Plan(Optional.empty(), Map.of())));
        Map<String, String> models = new LinkedHashMap<>();
        models.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        models.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MODEL_BYTES));
        plans.put(output.modelsTopic(), new Plan(shared ? Optional.of(1) : Optional.empty(), models));
        output.history()
                .ifPresent(history -> plans.put(
                        history.topic(), new Plan(shared ? Optional.of(1) : Optional.empty(), settings(history))));
        Map<String, String> control =
                Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MODEL_BYTES + OVERHEAD_BYTES));
        configuration
                .controlTopic()
                .ifPresent(topic ->
                        plans.put(topic, new Plan(shared ? Optional.of(1) : Optional.empty(), !shared, control)));
        long letterBytes = (long) output.deadLettersMaxBytes() + OVERHEAD_BYTES;
        plans.put(
                output.deadLettersTopic(),
                new Plan(Optional.of(1), Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(letterBytes))));

        Map<String, Integer> existing = partitionsOf(plans.keySet());
        List<String> missing = plans.keySet().stream()
                .filter(topic -> !existing.containsKey(topic))
                .toList();
        if (!missing.isEmpty()) {
            if (!output.createTopics()) {
                throw new StartException("topics " + missing
                        + " do not exist, and output.createTopics is false; create them, or allow their creation");
            }
            create(plans, missing, existing.get(configuration.input().topic()));
            awaitKnown(plans.keySet());
        }
        Map<String, Integer> found = missing.isEmpty() ? existing : partitionsOf(plans.keySet());
        configuration.controlTopic().ifPresent(topic -> requireControl(topic, found));
        if (existing.containsKey(output.modelsTopic())) {
            checkModels(settingsOf(output.modelsTopic()));
        }
        return existing.containsKey(output.deadLettersTopic())
                ? fitted(letterBytes, settingsOf(output.deadLettersTopic()))
                : configuration;
    }

    /** The settings of an existing topic; empty if they may not be read. */
    private Map<String, String> settingsOf(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Map<String, String> settings = new LinkedHashMap<>();
            await(admin.describeConfigs(List.of(resource)).values().get(resource))
                    .entries()
                    .forEach(entry -> settings.put(entry.name(), entry.value()));
            return settings;
        } catch (AuthorizationException e) {
            LOG.warn(
                    "the settings of the topic {} may not be read ({}); grant DESCRIBE_CONFIGS on it, so that records"
                            + " that do not fit can be cut",
                    topic,
                    e.getMessage());
            return Map.of();
        }
    }

    /** By time of arrival: what is kept for a week is not what is a week old when it is published. */
    private static Map<String, String> settings(Configuration.History history) {
        long retention = history.retention().isZero() ? -1 : history.retention().toMillis();
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                TimestampType.LOG_APPEND_TIME.name,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(MAX_MODEL_BYTES));
    }

    /** A command has to reach the task that owns the model, and no other. */
    private void requireControl(String topic, Map<String, Integer> partitions) {
        boolean shared = configuration.model().scope() == Scope.SHARED;
        int expected =
                shared ? 1 : partitions.getOrDefault(configuration.input().topic(), 0);
        int found = partitions.getOrDefault(topic, expected);
        if (found != expected) {
            throw new StartException("the control topic '" + topic + "' has " + found + " partitions; expected "
                    + expected
                    + (shared
                            ? ", since all partitions of the input share one model"
                            : ", as many as the input topic '"
                                    + configuration.input().topic()
                                    + "' has, so that a command reaches the model of its key")
                    + "; delete the topic, or name another one");
        }
    }

    private void checkModels(Map<String, String> settings) {
        String topic = configuration.output().modelsTopic();
        String policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && !policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            LOG.warn(
                    "the topic {} has cleanup.policy {}; expected compact, or models that do not change for long are lost",
                    topic,
                    policy);
        }
        long bytes = maxMessageBytes(settings);
        if (bytes < MAX_MODEL_BYTES) {
            LOG.warn(
                    "the topic {} has max.message.bytes {}; expected {}, or a larger model cannot be published",
                    topic,
                    bytes,
                    MAX_MODEL_BYTES);
        }
    }

    private Configuration fitted(long letterBytes, Map<String, String> settings) {
        long bytes = maxMessageBytes(settings);
        if (bytes >= letterBytes) {
            return configuration;
        }
        int room = (int) Math.max(1, bytes - OVERHEAD_BYTES);
        LOG.warn(
                "the topic {} has max.message.bytes {}: dead letters of more than {} bytes are cut; raise it to {} to keep"
                        + " output.deadLetters.maxBytes",
                configuration.output().deadLettersTopic(),
                bytes,
                room,
                letterBytes);
        return configuration.withDeadLettersMaxBytes(room);
    }

    private static long maxMessageBytes(Map<String, String> settings) {
        return Long.parseLong(
                settings.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(Long.MAX_VALUE)));
    }

    /** A topic is created by the controller; brokers learn of it a little later, and Kafka Streams asks only once. */
    private void awaitKnown(Set<String> topics) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        Set<String> known = partitionsOf(topics).keySet();
        while (!known.containsAll(topics)) {
            if (System.nanoTime() - end > 0) {
                throw new StartException("of the topics " + topics + " the cluster knows only " + known + ", "
                        + TIMEOUT_SECONDS + " seconds after they were created; expected all of them");
            }
            LockSupport.parkNanos(KNOWN_POLL.toNanos());
            known = partitionsOf(topics).keySet();
        }
    }

    private Map<String, Integer> partitionsOf(Set<String> topics) {
        Map<String, Integer> partitions = new LinkedHashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, future) -> {
            try {
                partitions.put(topic, await(future).partitions().size());
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debug("topic {} does not exist yet", topic);
            } catch (AuthorizationException e) {
                throw new StartException(
                        "the topic '" + topic + "' may not be described: " + e.getMessage()
                                + "; grant DESCRIBE on it to this user",
                        e);
            }
        });
        return partitions;
    }

    private void create(Map<String, Plan> plans, List<String> missing, Integer inputPartitions) {
        int configured = configuration.output().partitions();
        short replication = configuration.output().replicationFactor();
        Optional<Integer> otherwise = configured > 0 ? Optional.of(configured) : Optional.ofNullable(inputPartitions);
        List<NewTopic> topics = new ArrayList<>();
        for (String topic : missing) {
            Plan plan = plans.get(topic);
            Optional<Integer> partitions = plan.asInput() && inputPartitions != null
                    ? Optional.of(inputPartitions)
                    : plan.partitions().or(() -> otherwise);
            Optional<Short> factor = replication > 0 ? Optional.of(replication) : Optional.empty();
            topics.add(new NewTopic(topic, partitions, factor).configs(plan.settings()));
        }
        admin.createTopics(topics).values().forEach((topic, future) -> {
            try {
                await(future);
                LOG.info("created topic {}", topic);
            } catch (TopicExistsException e) {
                LOG.debug("topic {} was created by another instance", topic);
            } catch (AuthorizationException e) {
                throw new StartException(
                        "the topic '" + topic + "' does not exist and may not be created: " + e.getMessage()
                                + "; create it, or grant CREATE on the cluster to this user",
                        e);
            }
        });
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unreachable(e);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new StartException("the cluster refused: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while waiting for the cluster", e);
        }
    }

    private StartException unreachable(Exception cause) {
        return new StartException(
                "no answer from " + configuration.kafka().get("bootstrap.servers")
                        + "; expected a Kafka broker there: check kafka.bootstrap.servers, the network and the security"
                        + " settings",
                cause);
    }
}

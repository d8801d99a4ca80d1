package io.onlineem.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;

/** What Kafka itself knows about its properties, so that typing errors are found before anything starts. */
final class KafkaProperties {

    static final String APPLICATION_ID = StreamsConfig.APPLICATION_ID_CONFIG;

    /** What environment variables that set Kafka properties begin with. */
    private static final String ENVIRONMENT_PREFIX = "ONLINE_EM_KAFKA_";

    /** The longest first: {@code main.consumer.} before {@code consumer.}. */
    private static final List<String> CLIENT_PREFIXES = List.of(
            StreamsConfig.RESTORE_CONSUMER_PREFIX,
            StreamsConfig.GLOBAL_CONSUMER_PREFIX,
            StreamsConfig.MAIN_CONSUMER_PREFIX,
            StreamsConfig.CONSUMER_PREFIX,
            StreamsConfig.PRODUCER_PREFIX,
            StreamsConfig.ADMIN_CLIENT_PREFIX);

    private static final Map<String, ConfigDef.ConfigKey> KNOWN = known();

    private static final Definition UNKNOWN = new Definition(null);

    private KafkaProperties() {}

    /** What is known of one property; {@code key} is null if it is unknown. */
    record Definition(ConfigDef.ConfigKey key) {

        /** The type, or null. */
        ConfigDef.Type type() {
            return key == null ? null : key.type;
        }
    }

    private static Map<String, ConfigDef.ConfigKey> known() {
        Map<String, ConfigDef.ConfigKey> known = new TreeMap<>();
        known.putAll(AdminClientConfig.configDef().configKeys());
        known.putAll(ConsumerConfig.configDef().configKeys());
        known.putAll(ProducerConfig.configDef().configKeys());
        known.putAll(StreamsConfig.configDef().configKeys());
        return known;
    }

    static Definition definition(String property) {
        ConfigDef.ConfigKey key = KNOWN.get(withoutPrefix(property));
        return key == null ? UNKNOWN : new Definition(key);
    }

    private static String withoutPrefix(String property) {
        for (String prefix : CLIENT_PREFIXES) {
            if (property.startsWith(prefix)) {
                return property.substring(prefix.length());
            }
        }
        return property;
    }

    /**
     * What is wrong with a property, if anything. A property that Kafka does not know may belong to a plug-in; only one that
     * looks like a mistyped name is refused.
     */
    static Optional<String> problem(String property, String value) {
        Definition definition = definition(property);
        if (definition.key() == null) {
            return Names.nearest(withoutPrefix(property), KNOWN.keySet())
                    .map(known -> "is not a Kafka property; did you mean "
                            + property.substring(
                                    0,
                                    property.length() - withoutPrefix(property).length()) + known + "?");
        }
        if (value.contains("${")) {
            return Optional.empty();
        }
        try {
            Object parsed = ConfigDef.parseType(definition.key().name, value, definition.key().type);
            if (definition.key().validator != null) {
                definition.key().validator.ensureValid(definition.key().name, parsed);
            }
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(
                    Secrets.isSecret(property)
                            ? "is not what Kafka expects: "
                                    + definition.key().type.toString().toLowerCase(Locale.ROOT)
                                    + " (the value is not shown, it may be secret)"
                            : "is '" + value + "'; " + e.getMessage());
        }
    }

    /**
     * The properties set by environment variables, by name of the variable: {@code ONLINE_EM_KAFKA_SASL_JAAS_CONFIG} sets
     * {@code sasl.jaas.config}.
     */
    static Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(ENVIRONMENT_PREFIX) && variable.length() > ENVIRONMENT_PREFIX.length()) {
                variables.put(variable, value);
            }
        });
        return variables;
    }

    /** The property that an environment variable sets. */
    static String property(String variable) {
        return variable.substring(ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }
}

package io.onlineem.config;

import io.onlineem.anomaly.Detection;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Learning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A complete, checked configuration; defaults are filled in. Immutable. {@link #toString()} shows no secrets.
 *
 * @param application the name of the application: its consumer group, and the prefix of default topic names
 * @param kafka Kafka properties as given, with {@code application.id}, {@code bootstrap.servers} and
 *     {@code processing.guarantee} filled in; may hold secrets, see {@link Secrets}
 * @param input where observations come from
 * @param sequences what a sequence is
 * @param model what is learned
 * @param learning how it is learned
 * @param flushInterval how long a mini-batch that is not full waits before it is learned from; zero: for ever
 * @param output what is published
 * @param anomalies how records are watched for anomalies; empty if they are not
 * @param controlTopic where commands to models come from; empty if none are taken
 * @param http the HTTP server, or empty if there is none
 * @param preset the preset that settings were taken from, if any
 */
public record Configuration(
        String application,
        Map<String, String> kafka,
        Input input,
        Sequencing sequences,
        ModelSettings model,
        Learning learning,
        Duration flushInterval,
        Output output,
        Optional<Anomalies> anomalies,
        Optional<String> controlTopic,
        Optional<Http> http,
        Optional<Preset> preset) {

    /** Copies the map. */
    public Configuration {
        kafka = Collections.unmodifiableMap(new TreeMap<>(kafka));
    }

    /** The same with other Kafka properties. */
    public Configuration withKafka(Map<String, String> properties) {
        return new Configuration(
                application,
                properties,
                input,
                sequences,
                model,
                learning,
                flushInterval,
                output,
                anomalies,
                controlTopic,
                http,
                preset);
    }

    /** The same with another limit of dead letters, in bytes. */
    public Configuration withDeadLettersMaxBytes(int bytes) {
        Output limited = new Output(
                output.posteriorsTopic(),
                output.content(),
                output.smoothedTopic(),
                output.modelsTopic(),
                output.history(),
                output.deadLettersTopic(),
                bytes,
                output.createTopics(),
                output.partitions(),
                output.replicationFactor());
        return new Configuration(
                application,
                kafka,
                input,
                sequences,
                model,
                learning,
                flushInterval,
                limited,
                anomalies,
                controlTopic,
                http,
                preset);
    }

    /**
     * Where observations come from.
     *
     * @param topic the topic
     * @param fields the JSON fields that make the observation, in the order of the model's features
     * @param weight the JSON field that says how many copies of itself a record stands for; empty: one
     * @param timestamp the field that holds the time of a record of a file; empty: one that is called so, if any
     * @param maxBytes size of a record value above which it is a dead letter, in bytes
     */
    public record Input(
            String topic, List<InputField> fields, Optional<String> weight, Optional<String> timestamp, int maxBytes) {

        /** Copies the list. */
        public Input {
            fields = List.copyOf(fields);
        }

        /** What the model calls the fields. */
        public List<String> features() {
            return fields.stream().map(InputField::feature).toList();
        }

        /** Whether values of an observation may be missing. */
        public boolean mayBeMissing() {
            return fields.stream().anyMatch(InputField::mayBeMissing);
        }
    }

    /**
     * What a sequence is, for models with memory.
     *
     * @param field the JSON field that names the sequence of a record; empty: its key does
     * @param gap time between two records of a sequence after which it begins anew; zero: none
     * @param expireAfter time without a record after which a sequence ends and is forgotten; zero: never
     */
    public record Sequencing(Optional<String> field, Duration gap, Duration expireAfter) {}

    /**
     * What is learned.
     *
     * @param name name of the model; under scope per-key, of all its models together
     * @param scope who shares a model
     * @param spec the model
     * @param start JSON of the parameters to start from, checked, see {@link io.onlineem.codec.FitJson#readStart}; empty to
     *     start from the warm-up
     */
    public record ModelSettings(String name, Scope scope, ModelSpec spec, Optional<byte[]> start) {}

    /**
     * What is published.
     *
     * @param posteriorsTopic one record for each valid observation
     * @param content what a posterior record holds
     * @param smoothedTopic one record for each scored observation of a model of sequences, once those after it are known;
     *     empty if there is no such topic
     * @param modelsTopic the newest parameters by model
     * @param history where past versions are kept too; empty if they are not
     * @param deadLettersTopic records that are not valid observations
     * @param deadLettersMaxBytes largest dead letter, in bytes
     * @param createTopics whether topics that are missing are created
     * @param partitions of created topics; 0: as many as the input topic has
     * @param replicationFactor of created topics; -1: the broker's default
     */
    public record Output(
            String posteriorsTopic,
            PosteriorContent content,
            Optional<String> smoothedTopic,
            String modelsTopic,
            Optional<History> history,
            String deadLettersTopic,
            int deadLettersMaxBytes,
            boolean createTopics,
            int partitions,
            short replicationFactor) {}

    /**
     * How records are watched for anomalies.
     *
     * @param detection how
     * @param perKey whether the records of every key are watched by themselves
     * @param alertsTopic what becomes of incidents
     */
    public record Anomalies(Detection detection, boolean perKey, String alertsTopic) {}

    /**
     * The topic of all versions of models, and of what became of commands.
     *
     * @param topic the topic
     * @param retention how long a record of it is kept; zero: for ever
     */
    public record History(String topic, Duration retention) {}

    /**
     * The HTTP server.
     *
     * @param host the address it listens on
     * @param port its port; 0: any free one
     * @param tls the server's key and certificate; empty: plain HTTP
     * @param token what clients have to show; empty: nothing
     */
    public record Http(String host, int port, Optional<Tls> tls, Optional<String> token) {

        /** Plain HTTP for anybody, as on loopback. */
        public Http(String host, int port) {
            this(host, port, Optional.empty(), Optional.empty());
        }

        @Override
        public String toString() {
            return "Http[host=" + host + ", port=" + port + ", tls=" + tls + ", token="
                    + token.map(secret -> Secrets.HIDDEN) + "]";
        }
    }

    /**
     * A key and its certificate.
     *
     * @param keystore a PKCS #12 or JKS file
     * @param password of the keystore and of the key in it
     */
    public record Tls(Path keystore, String password) {

        @Override
        public String toString() {
            return "Tls[keystore=" + keystore + ", password=" + Secrets.HIDDEN + "]";
        }
    }

    @Override
    public String toString() {
        return "Configuration[application=" + application + ", kafka=" + Secrets.redact(kafka) + ", input=" + input
                + ", sequences=" + sequences + ", model=" + model.name() + " ("
                + model.scope().label() + "): "
                + model.spec().describe() + ", start=" + (model.start().isPresent() ? "given" : "warm-up")
                + ", learning=" + learning + ", flushInterval=" + flushInterval + ", output=" + output + ", anomalies="
                + anomalies + ", http="
                + http + "]";
    }
}

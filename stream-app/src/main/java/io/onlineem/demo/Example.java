package io.onlineem.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The generated streams, each with a configuration in the folder {@code examples} that a user would start from. */
public enum Example {
    /** Card payments, some of them fraud. */
    PAYMENTS("card payments: amounts, times of day, countries and ways to pay", 0.006),
    /** Pumps with sensors, some of whose readings are lost. */
    TELEMETRY("five sensors of ten pumps, of which one reading in twelve is lost", 0.006),
    /** Requests, errors and latencies of services. */
    REQUESTS("requests, errors and latencies of four services", 0.006),
    /** Servers, some of which have faults for a while. */
    SERVERS("requests, processor, latency and memory of four servers, every five minutes", Kind.INCIDENTS, 0),
    /** Machines in regimes that nobody records. */
    MACHINES("power, vibration and parts of twelve machines, each minute", Kind.REGIMES, 0),
    /** Tanks whose level two noisy sensors measure. */
    SENSOR("levels of eight tanks, each minute, by a rough gauge and a sonar that is often silent", Kind.STATES, 0),
    /** Log messages of subjects that nobody has named. */
    LOGS("log messages of a shop's services, about four subjects and later five", Kind.TOPICS, 0);

    /** What is told in the end. */
    enum Kind {
        /** Which anomalies were found. */
        ANOMALIES,
        /** Which faults were incidents, and how often one was alerted. */
        INCIDENTS,
        /** Which regimes were found. */
        REGIMES,
        /** How noisy sensors are, and what they measure. */
        STATES,
        /** Which topics were found. */
        TOPICS
    }

    private static final int RECORDS = 24_000;

    private final String title;
    private final Kind kind;
    private final double alarms;

    Example(String title, double alarms) {
        this(title, Kind.ANOMALIES, alarms);
    }

    Example(String title, Kind kind, double alarms) {
        this.title = title;
        this.kind = kind;
        this.alarms = alarms;
    }

    /** The example of that name, as {@link #label()} gives it. */
    public static Example of(String name) {
        return Arrays.stream(values())
                .filter(example -> example.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("example is '" + name + "'; expected one of "
                        + Arrays.stream(values()).map(Example::label).collect(Collectors.joining(", "))));
    }

    /** Its name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is about. */
    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    /** Share of the records about which one is willing to be called. */
    double alarms() {
        return alarms;
    }

    String resource() {
        return label() + ".yaml";
    }

    /**
     * The stream goes on: generated with the next seeds. What has a level would jump where a round begins; its records have
     * keys of their own in every round but the first.
     */
    List<ExampleRecord> generate(long seed, long round) {
        List<ExampleRecord> records = generate(seed + round);
        return kind == Kind.STATES && round > 0
                ? records.stream()
                        .map(record -> record.withKey(record.key() + "-" + round))
                        .toList()
                : records;
    }

    List<ExampleRecord> generate(long seed) {
        return switch (this) {
            case PAYMENTS -> PaymentStream.generate(RECORDS, seed);
            case TELEMETRY -> TelemetryStream.generate(RECORDS, seed);
            case REQUESTS -> RequestStream.generate(RECORDS, seed);
            case SERVERS -> ServerStream.generate(RECORDS, seed);
            case MACHINES -> MachineStream.generate(RECORDS, seed);
            case SENSOR -> SensorStream.generate(RECORDS, seed);
            case LOGS -> LogStream.generate(RECORDS, seed);
        };
    }
}

package io.onlineem.topology;

import io.onlineem.observation.InvalidObservationException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Headers of a dead letter: those that Kafka Streams itself puts on records of its dead-letter queue (KIP-1034), so that
 * the same tools read both, and the reason.
 *
 * <table>
 * <caption>Headers</caption>
 * <tr><th>header</th><th>value, UTF-8</th></tr>
 * <tr><td>online-em.reason</td><td>label of the reason, like {@code missing-field}</td></tr>
 * <tr><td>__streams.errors.message</td><td>what was wrong: the field, its value, what was expected</td></tr>
 * <tr><td>__streams.errors.exception</td><td>class of the exception</td></tr>
 * <tr><td>__streams.errors.topic, .partition, .offset</td><td>where the record came from</td></tr>
 * </table>
 */
public final class RejectionHeaders {

    /** The label of the reason. */
    public static final String REASON = "online-em.reason";

    /** What was wrong. */
    public static final String MESSAGE = "__streams.errors.message";

    /** Class of the exception. */
    public static final String EXCEPTION = "__streams.errors.exception";

    /** Topic of the rejected record. */
    public static final String TOPIC = "__streams.errors.topic";

    /** Its partition. */
    public static final String PARTITION = "__streams.errors.partition";

    /** Its offset. */
    public static final String OFFSET = "__streams.errors.offset";

    static final Set<String> NAMES = Set.of(REASON, MESSAGE, EXCEPTION, TOPIC, PARTITION, OFFSET);

    private RejectionHeaders() {}

    static Headers of(Headers original, InvalidObservationException rejection, Optional<RecordMetadata> source) {
        Headers headers = new RecordHeaders(original)
                .add(REASON, bytes(rejection.reason().label()))
                .add(MESSAGE, bytes(rejection.getMessage()))
                .add(EXCEPTION, bytes(rejection.getClass().getName()));
        source.ifPresent(metadata -> headers.add(TOPIC, bytes(metadata.topic()))
                .add(PARTITION, bytes(Integer.toString(metadata.partition())))
                .add(OFFSET, bytes(Long.toString(metadata.offset()))));
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

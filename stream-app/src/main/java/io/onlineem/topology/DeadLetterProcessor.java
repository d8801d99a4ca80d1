package io.onlineem.topology;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Cuts dead letters that are larger than their topic takes, and says so in the header {@value #ORIGINAL_BYTES}: a record
 * that cannot be produced would stop the stream. The value is cut; a key or headers that are too large by themselves are
 * left out, all but the {@linkplain RejectionHeaders reason and the source}.
 */
public final class DeadLetterProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

    /** Size of what was cut: key, value and headers of the original, in bytes. */
    public static final String ORIGINAL_BYTES = "online-em.original-bytes";

    private final int maxBytes;

    /** A processor that lets through {@code maxBytes} of the key, the value and the original headers together. */
    public DeadLetterProcessor(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void process(Record<byte[], byte[]> letter) {
        long headers = originalHeaders(letter.headers());
        long original = length(letter.key()) + headers + length(letter.value());
        if (original <= maxBytes) {
            context().forward(letter);
            return;
        }
        Record<byte[], byte[]> cut = letter;
        if (headers > maxBytes) {
            cut = cut.withHeaders(rejectionHeaders(letter.headers()));
            headers = 0;
        }
        if (length(letter.key()) + headers > maxBytes) {
            cut = cut.withKey(null);
        }
        int room = (int) (maxBytes - length(cut.key()) - headers);
        if (length(letter.value()) > room) {
            cut = cut.withValue(Arrays.copyOf(letter.value(), room));
        }
        cut.headers().add(ORIGINAL_BYTES, Long.toString(original).getBytes(StandardCharsets.UTF_8));
        context().forward(cut);
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static long originalHeaders(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            if (!RejectionHeaders.NAMES.contains(header.key())) {
                bytes += RecordSize.of(header);
            }
        }
        return bytes;
    }

    private static Headers rejectionHeaders(Headers headers) {
        Headers rejection = new RecordHeaders();
        for (Header header : headers) {
            if (RejectionHeaders.NAMES.contains(header.key())) {
                rejection.add(header);
            }
        }
        return rejection;
    }
}

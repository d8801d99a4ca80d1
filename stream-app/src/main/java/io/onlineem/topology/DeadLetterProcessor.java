package io.onlineem.topology;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Cuts dead letters that are larger than their topic takes, and says so in the header {@value #ORIGINAL_BYTES}: a record
 * that cannot be produced would stop the stream.
 */
public final class DeadLetterProcessor extends ContextualFixedKeyProcessor<byte[], byte[], byte[]> {

    /** Size of the value before it was cut, in bytes. */
    public static final String ORIGINAL_BYTES = "online-em.original-bytes";

    private final int maxBytes;

    /** A processor that lets through {@code maxBytes} of every value. */
    public DeadLetterProcessor(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> letter) {
        byte[] value = letter.value();
        if (value == null || value.length <= maxBytes) {
            context().forward(letter);
            return;
        }
        letter.headers().add(ORIGINAL_BYTES, Integer.toString(value.length).getBytes(StandardCharsets.UTF_8));
        context().forward(letter.withValue(Arrays.copyOf(value, maxBytes)));
    }
}

package io.onlineem.topology;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;

/** How much of a record is key and headers, which its posterior carries too. */
final class RecordSize {

    private RecordSize() {}

    /** Bytes of a header, without framing. */
    static long of(Header header) {
        return (long) Utils.utf8Length(header.key()) + (header.value() == null ? 0 : header.value().length);
    }

    /** Bytes of the headers and of the key, as far as that is known without a serializer. */
    static long ofKeyAndHeaders(Object key, Headers headers) {
        long bytes = 0;
        if (key instanceof byte[] array) {
            bytes = array.length;
        } else if (key instanceof String text) {
            bytes = Utils.utf8Length(text);
        }
        for (Header header : headers) {
            bytes += of(header);
        }
        return bytes;
    }
}

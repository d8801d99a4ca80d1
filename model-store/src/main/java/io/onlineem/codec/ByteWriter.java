package io.onlineem.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one value after its header. Not thread-safe. */
final class ByteWriter {

    private byte[] bytes;
    private int size;

    /**
     * Begins a value.
     *
     * @param expected bytes expected after the header; exact where it is known, so that nothing is copied
     */
    ByteWriter(Format format, int expected) {
        bytes = new byte[Format.HEADER + expected];
        format.putHeader(bytes);
        size = Format.HEADER;
    }

    ByteWriter int8(int value) {
        int at = reserve(1);
        bytes[at] = (byte) value;
        return this;
    }

    ByteWriter int32(int value) {
        int at = reserve(Integer.BYTES);
        Bytes.putInt(bytes, at, value);
        return this;
    }

    ByteWriter int64(long value) {
        int at = reserve(Long.BYTES);
        Bytes.putLong(bytes, at, value);
        return this;
    }

    ByteWriter number(double value) {
        int at = reserve(Double.BYTES);
        Bytes.putDouble(bytes, at, value);
        return this;
    }

    /** The length, then the numbers. */
    ByteWriter vector(double[] values) {
        return int32(values.length).numbers(values, 0, values.length);
    }

    /** The numbers without their length. */
    ByteWriter numbers(double[] values, int from, int count) {
        int at = reserve(Math.multiplyExact(count, Double.BYTES));
        Bytes.putDoubles(bytes, at, values, from, count);
        return this;
    }

    ByteWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return int32(utf8.length).raw(utf8);
    }

    ByteWriter raw(byte[] source) {
        int at = reserve(source.length);
        System.arraycopy(source, 0, bytes, at, source.length);
        return this;
    }

    /** The value; the writer is not used after this. */
    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Where the next bytes go; may replace the array, so call it before reading that. */
    private int reserve(int count) {
        int at = size;
        size = Math.addExact(size, count);
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(size, 2L * bytes.length)));
        }
        return at;
    }
}

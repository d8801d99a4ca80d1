package io.onlineem.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads one value after its header; every length is checked against the bytes that are left before anything is allocated. */
final class ByteReader {

    private final byte[] bytes;
    private final Format format;
    private final int version;
    private int position;

    /**
     * Begins to read a value.
     *
     * @throws CodecException if the header is not that of the format
     */
    ByteReader(byte[] bytes, Format format) {
        this.version = format.requireHeader(bytes);
        this.bytes = bytes;
        this.format = format;
        this.position = Format.HEADER;
    }

    /** Version of the layout, from 1 to the format's newest. */
    int version() {
        return version;
    }

    int int8() {
        return bytes[take(1)] & 0xFF;
    }

    /** A byte that tells whether something follows. */
    boolean flag(String what) {
        int value = int8();
        if (value > 1) {
            throw corrupt("flag of the " + what + " is " + value + "; expected 0 or 1");
        }
        return value == 1;
    }

    int int32() {
        return Bytes.getInt(bytes, take(Integer.BYTES));
    }

    long int64() {
        return Bytes.getLong(bytes, take(Long.BYTES));
    }

    /** A long that counts something. */
    long count64(String what) {
        long value = int64();
        if (value < 0) {
            throw corrupt(what + " is " + value + "; expected at least 0");
        }
        return value;
    }

    double number() {
        return Bytes.getDouble(bytes, take(Double.BYTES));
    }

    /** A number that is a sum of weights. */
    double weight(String what) {
        double value = number();
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw corrupt(what + " is " + value + "; expected a finite number of at least 0");
        }
        return value;
    }

    /** A number of elements that take at least {@code least} bytes each. */
    int count(int least) {
        int at = position;
        int count = int32();
        if (count < 0 || count > remaining() / least) {
            throw corrupt("length at byte " + at + " is " + count + "; the " + remaining()
                    + " bytes that follow hold at" + " most " + remaining() / least);
        }
        return count;
    }

    double[] vector() {
        return numbers(count(Double.BYTES));
    }

    double[] numbers(int count) {
        if (count > remaining() / Double.BYTES) {
            throw corrupt("expected " + count + " numbers at byte " + position + ", where " + remaining()
                    + " bytes are left");
        }
        int at = take(count * Double.BYTES);
        return Bytes.getDoubles(bytes, at, count);
    }

    long[] longs(int count) {
        if (count > remaining() / Long.BYTES) {
            throw corrupt("expected " + count + " integers at byte " + position + ", where " + remaining()
                    + " bytes are left");
        }
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = int64();
        }
        return longs;
    }

    String text() {
        int length = count(1);
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    /** Everything that is left. */
    byte[] rest() {
        int at = position;
        position = bytes.length;
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    int remaining() {
        return bytes.length - position;
    }

    /** Requires that nothing is left. */
    void requireEnd() {
        if (remaining() != 0) {
            throw corrupt(remaining() + " bytes follow its end at byte " + position);
        }
    }

    CodecException corrupt(String detail) {
        return new CodecException(format.label() + " of " + bytes.length + " bytes is truncated or corrupt: " + detail);
    }

    CodecException corrupt(IllegalArgumentException cause) {
        return new CodecException(
                format.label() + " of " + bytes.length + " bytes is corrupt: " + cause.getMessage(), cause);
    }

    private int take(int count) {
        int at = position;
        if (count > remaining()) {
            throw corrupt("expected " + count + " bytes at byte " + at + ", where " + remaining() + " are left");
        }
        position += count;
        return at;
    }
}

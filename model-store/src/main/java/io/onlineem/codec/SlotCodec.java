package io.onlineem.codec;

import io.onlineem.em.Observations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One slot of a mini-batch under way: an observation, its sequence number and what it was scored with. Written once for
 * every record of the stream, hence one array and no stream in between.
 *
 * <table>
 * <caption>Layout, version 2</caption>
 * <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 * <tr><td>0</td><td>4</td><td>header</td></tr>
 * <tr><td>4</td><td>8</td><td>sequence number of the observation: 1, 2, …</td></tr>
 * <tr><td>12</td><td>8</td><td>log-likelihood it was scored with; {@code NaN} if it was not scored</td></tr>
 * <tr><td>20</td><td>8</td><td>weight of the record</td></tr>
 * <tr><td>28</td><td>4</td><td>how many numbers the record has, n</td></tr>
 * <tr><td>32</td><td>8 n</td><td>the numbers; {@code NaN} is a missing value</td></tr>
 * <tr><td>32 + 8 n</td><td>4 + bytes, for each</td><td>the texts of categories among the numbers, in UTF-8</td></tr>
 * </table>
 *
 * <p>Version 1 has neither the length nor texts: the numbers begin at offset 28 and end with the slot.
 *
 * <p>Stateless; thread-safe. Whatever reads a slot throws a {@link CodecException} if it is not one, of an unknown version
 * or truncated.
 */
public final class SlotCodec {

    private static final int SEQUENCE = Format.HEADER;
    private static final int LOG_LIKELIHOOD = SEQUENCE + Long.BYTES;
    private static final int WEIGHT = LOG_LIKELIHOOD + Double.BYTES;
    private static final int LENGTH = WEIGHT + Double.BYTES;
    private static final int VALUES = LENGTH + Integer.BYTES;

    private SlotCodec() {}

    /**
     * The bytes of a slot.
     *
     * @param sequence number of the observation, at least 1
     * @param logLikelihood what it was scored with; {@code NaN} if it was not scored
     * @param records the container of the record
     * @param index the record
     */
    public static byte[] encode(long sequence, double logLikelihood, Observations records, int index) {
        int length = records.length(index);
        Map<Double, String> categories = records.categoriesOf(index);
        byte[][] texts = categories.isEmpty() ? new byte[0][] : bytesOf(categories);
        int size = VALUES + length * Double.BYTES;
        for (byte[] text : texts) {
            size += Integer.BYTES + text.length;
        }
        byte[] slot = new byte[size];
        Format.SLOT.putHeader(slot);
        Bytes.putLong(slot, SEQUENCE, sequence);
        Bytes.putDouble(slot, LOG_LIKELIHOOD, logLikelihood);
        Bytes.putDouble(slot, WEIGHT, records.weight(index));
        Bytes.putInt(slot, LENGTH, length);
        Bytes.putDoubles(slot, VALUES, records.values(), records.offset(index), length);
        int at = VALUES + length * Double.BYTES;
        for (byte[] text : texts) {
            Bytes.putInt(slot, at, text.length);
            System.arraycopy(text, 0, slot, at + Integer.BYTES, text.length);
            at += Integer.BYTES + text.length;
        }
        return slot;
    }

    private static byte[][] bytesOf(Map<Double, String> texts) {
        List<byte[]> bytes = new ArrayList<>();
        texts.values().forEach(text -> bytes.add(text.getBytes(StandardCharsets.UTF_8)));
        return bytes.toArray(new byte[0][]);
    }

    /** The sequence number of the observation. */
    public static long sequence(byte[] slot) {
        require(slot);
        return Bytes.getLong(slot, SEQUENCE);
    }

    /** What the observation was scored with; {@code NaN} if it was not scored. */
    public static double logLikelihood(byte[] slot) {
        require(slot);
        return Bytes.getDouble(slot, LOG_LIKELIHOOD);
    }

    /** Appends the record of a slot, with its weight. */
    public static void appendTo(Observations into, byte[] slot) {
        int values = require(slot) == 1 ? LENGTH : VALUES;
        int length = values == LENGTH ? (slot.length - LENGTH) / Double.BYTES : Bytes.getInt(slot, LENGTH);
        double weight = Bytes.getDouble(slot, WEIGHT);
        if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
            throw new CodecException(Format.SLOT.label() + " is corrupt: the record's weight is " + weight
                    + "; expected a finite number of at least 0");
        }
        into.add(Bytes.getDoubles(slot, values, length), 0, length, weight);
        int at = values + length * Double.BYTES;
        while (at < slot.length) {
            int bytes = slot.length - at < Integer.BYTES ? -1 : Bytes.getInt(slot, at);
            if (bytes < 0 || bytes > slot.length - at - Integer.BYTES) {
                throw truncated(slot);
            }
            String text = new String(slot, at + Integer.BYTES, bytes, StandardCharsets.UTF_8);
            into.addCategories(Map.of(Observations.category(text), text));
            at += Integer.BYTES + bytes;
        }
    }

    /** The version of the layout. */
    private static int require(byte[] slot) {
        int version = Format.SLOT.requireHeader(slot);
        boolean whole = version == 1
                ? slot.length >= LENGTH && (slot.length - LENGTH) % Double.BYTES == 0
                : slot.length >= VALUES
                        && Bytes.getInt(slot, LENGTH) >= 0
                        && Bytes.getInt(slot, LENGTH) <= (slot.length - VALUES) / Double.BYTES;
        if (!whole) {
            throw truncated(slot);
        }
        return version;
    }

    private static CodecException truncated(byte[] slot) {
        return new CodecException(Format.SLOT.label() + " has " + slot.length + " bytes; expected " + VALUES + ", "
                + Double.BYTES + " for each number and its texts; it is truncated or corrupt");
    }
}

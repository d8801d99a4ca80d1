package io.onlineem.codec;

import io.onlineem.em.Observations;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@link Observations} as bytes: records of equal or different lengths with their weights, the memory carried into the
 * first of them and the look-ahead.
 *
 * <table>
 * <caption>Layout, version 3</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>1</td><td>flags: 1 if weights are given, without them all are 1; 2 if texts of categories
 * are; 4 if beginnings of sequences are</td></tr>
 * <tr><td>4</td><td>number of records n</td></tr>
 * <tr><td>4</td><td>how many of the last ones are look-ahead</td></tr>
 * <tr><td>4 + 8 m</td><td>length of the memory m, and its numbers</td></tr>
 * <tr><td>4 n</td><td>length of each record</td></tr>
 * <tr><td>8 n, if the flag is set</td><td>weight of each record</td></tr>
 * <tr><td>8 for each number</td><td>the numbers of all records; {@code NaN} is a missing value</td></tr>
 * <tr><td>4, with flag 2</td><td>number of texts</td></tr>
 * <tr><td>4 + bytes, for each</td><td>a text whose {@linkplain Observations#category code} is among the numbers</td></tr>
 * <tr><td>4 + 4 b, with flag 4</td><td>number of beginnings b, and the records that are the first of a sequence</td></tr>
 * </table>
 *
 * <p>Version 1 has no flag 2, versions 1 and 2 have no flag 4.
 *
 * <p>Stateless; thread-safe.
 */
public final class ObservationsCodec {

    private static final int WEIGHTS = 1;
    private static final int TEXTS = 2;
    private static final int BEGINNINGS = 4;

    /** Flags, number of records, look-ahead and length of the memory. */
    private static final int FIXED = 1 + 3 * Integer.BYTES;

    private ObservationsCodec() {}

    /** The bytes of the observations. */
    public static byte[] encode(Observations observations) {
        int size = observations.size();
        boolean weighted = isWeighted(observations);
        int numbers = size == 0 ? 0 : observations.offset(size - 1) + observations.length(size - 1);
        double[] memory = observations.memory();
        Map<Double, String> texts = new TreeMap<>(observations.categories());
        int beginnings = beginnings(observations);
        long bytes = FIXED
                + bytesOf(texts)
                + (beginnings == 0 ? 0 : (1L + beginnings) * Integer.BYTES)
                + (long) size * (Integer.BYTES + (weighted ? Double.BYTES : 0))
                + ((long) memory.length + numbers) * Double.BYTES;
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new CodecException(size + " records of " + numbers + " numbers take " + bytes
                    + " bytes; expected less than 2 GiB; use a smaller mini-batch or warm-up");
        }
        ByteWriter out = new ByteWriter(Format.OBSERVATIONS, (int) bytes);
        out.int8((weighted ? WEIGHTS : 0) | (texts.isEmpty() ? 0 : TEXTS) | (beginnings == 0 ? 0 : BEGINNINGS))
                .int32(size)
                .int32(observations.lookAhead());
        out.vector(memory);
        for (int i = 0; i < size; i++) {
            out.int32(observations.length(i));
        }
        if (weighted) {
            for (int i = 0; i < size; i++) {
                out.number(observations.weight(i));
            }
        }
        out.numbers(observations.values(), 0, numbers);
        if (!texts.isEmpty()) {
            out.int32(texts.size());
            texts.values().forEach(out::text);
        }
        if (beginnings > 0) {
            out.int32(beginnings);
            for (int i = first(observations); i < size; i = observations.nextSequence(i)) {
                out.int32(i);
            }
        }
        return out.toBytes();
    }

    /** The first record that is marked as a beginning; the number of records if none is. */
    private static int first(Observations observations) {
        return observations.size() > 0 && observations.startsSequence(0) ? 0 : observations.nextSequence(0);
    }

    private static int beginnings(Observations observations) {
        int count = 0;
        for (int i = first(observations); i < observations.size(); i = observations.nextSequence(i)) {
            count++;
        }
        return count;
    }

    private static long bytesOf(Map<Double, String> texts) {
        long bytes = texts.isEmpty() ? 0 : Integer.BYTES;
        for (String text : texts.values()) {
            bytes += Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    private static boolean isWeighted(Observations observations) {
        for (int i = 0; i < observations.size(); i++) {
            if (observations.weight(i) != 1) {
                return true;
            }
        }
        return false;
    }

    /**
     * The observations.
     *
     * @throws CodecException if the bytes are not observations, of an unknown version, truncated or corrupt
     */
    public static Observations decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, Format.OBSERVATIONS);
        int flags = in.int8();
        int known =
                switch (in.version()) {
                    case 1 -> WEIGHTS;
                    case 2 -> WEIGHTS | TEXTS;
                    default -> WEIGHTS | TEXTS | BEGINNINGS;
                };
        if ((flags & ~known) != 0) {
            throw in.corrupt("flags are " + flags + "; expected 0 to " + known);
        }
        int size = in.count(Integer.BYTES);
        int lookAhead = in.int32();
        if (lookAhead < 0 || lookAhead > size) {
            throw in.corrupt("look-ahead is " + lookAhead + "; expected 0 to " + size + ", the number of records");
        }
        double[] memory = in.vector();
        int[] lengths = new int[Math.min(size, in.remaining() / Integer.BYTES)];
        long total = 0;
        for (int i = 0; i < size; i++) {
            int length = in.int32();
            if (length < 0) {
                throw in.corrupt("length of record " + i + " is " + length + "; expected at least 0");
            }
            lengths[i] = length;
            total += length;
        }
        double[] weights = (flags & WEIGHTS) == 0 ? null : in.numbers(size);
        if (total > in.remaining() / Double.BYTES) {
            throw in.corrupt("its records have " + total + " numbers; the " + in.remaining()
                    + " bytes that are left hold " + in.remaining() / Double.BYTES);
        }
        double[] values = in.numbers((int) total);
        Map<Double, String> texts = (flags & TEXTS) == 0 ? Map.of() : texts(in);
        BitSet beginnings = (flags & BEGINNINGS) == 0 ? new BitSet() : beginnings(in, size);
        in.requireEnd();
        Observations observations = new Observations(size, size == 0 ? 1 : (int) (total / size));
        int offset = 0;
        try {
            for (int i = 0; i < size; i++) {
                if (beginnings.get(i)) {
                    observations.beginSequence();
                }
                observations.add(values, offset, lengths[i], weights == null ? 1 : weights[i]);
                offset += lengths[i];
            }
        } catch (IllegalArgumentException e) {
            throw in.corrupt(e);
        }
        observations.addCategories(texts);
        observations.setMemory(memory);
        observations.setLookAhead(lookAhead);
        return observations;
    }

    private static BitSet beginnings(ByteReader in, int size) {
        int count = in.count(Integer.BYTES);
        BitSet beginnings = new BitSet();
        for (int i = 0; i < count; i++) {
            int record = in.int32();
            if (record < 0 || record >= size) {
                throw in.corrupt("record " + record + " begins a sequence; expected one of the " + size + " records");
            }
            beginnings.set(record);
        }
        return beginnings;
    }

    private static Map<Double, String> texts(ByteReader in) {
        int count = in.count(Integer.BYTES);
        Map<Double, String> texts = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String text = in.text();
            texts.put(Observations.category(text), text);
        }
        return texts;
    }
}

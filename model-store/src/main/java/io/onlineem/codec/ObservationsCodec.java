package io.onlineem.codec;

import io.onlineem.em.Observations;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * {@link Observations} as bytes: records of equal or different lengths with their weights, the memory carried into the
 * first of them and the look-ahead.
 *
 * <table>
 * <caption>Layout, version 2</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>1</td><td>flags: 1 if weights are given, without them all are 1; 2 if texts of categories are</td></tr>
 * <tr><td>4</td><td>number of records n</td></tr>
 * <tr><td>4</td><td>how many of the last ones are look-ahead</td></tr>
 * <tr><td>4 + 8 m</td><td>length of the memory m, and its numbers</td></tr>
 * <tr><td>4 n</td><td>length of each record</td></tr>
 * <tr><td>8 n, if the flag is set</td><td>weight of each record</td></tr>
 * <tr><td>8 for each number</td><td>the numbers of all records; {@code NaN} is a missing value</td></tr>
 * <tr><td>4, with flag 2</td><td>number of texts</td></tr>
 * <tr><td>4 + bytes, for each</td><td>a text whose {@linkplain Observations#category code} is among the numbers</td></tr>
 * </table>
 *
 * <p>Version 1 has no flag 2.
 *
 * <p>Stateless; thread-safe.
 */
public final class ObservationsCodec {

    private static final int WEIGHTS = 1;
    private static final int TEXTS = 2;

    /** Flags, number of records, look-ahead and length of the memory. */
    private static final int FIXED = 1 + 3 * Integer.BYTES;

    private ObservationsCodec() {}

    /** The bytes of the observations. */
    public static byte[] encode(Observations observations) {
        int size = observations.size();
        boolean weighted = isWeighted(observations);
        int numbers = size == 0 ? 0 : observations.offset(size - 1) + observations.length(size - 1);
        double[] memory = observations.memory();
        Map<Double, String> texts = observations.categories();
        long bytes = FIXED
                + bytesOf(texts)
                + (long) size * (Integer.BYTES + (weighted ? Double.BYTES : 0))
                + ((long) memory.length + numbers) * Double.BYTES;
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new CodecException(size + " records of " + numbers + " numbers take " + bytes
                    + " bytes; expected less than 2 GiB; use a smaller mini-batch or warm-up");
        }
        ByteWriter out = new ByteWriter(Format.OBSERVATIONS, (int) bytes);
        out.int8((weighted ? WEIGHTS : 0) | (texts.isEmpty() ? 0 : TEXTS))
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
        return out.toBytes();
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
        int known = in.version() == 1 ? WEIGHTS : WEIGHTS | TEXTS;
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
        in.requireEnd();
        Observations observations = new Observations(size, size == 0 ? 1 : (int) (total / size));
        int offset = 0;
        try {
            for (int i = 0; i < size; i++) {
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

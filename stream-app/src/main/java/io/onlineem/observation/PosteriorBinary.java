package io.onlineem.observation;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Posterior;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Scored records in a compact binary form with every bit of the numbers, big-endian. Of missing values it has what is expected,
 * without the deviations:
 *
 * <table>
 * <caption>Layout</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>2</td><td>magic, 0x4550</td></tr>
 * <tr><td>1</td><td>format version, the lowest that holds what there is: 1 for a complete record, 2 with missing values, 3
 * with further outputs, 4 with how unusual the record is</td></tr>
 * <tr><td>1</td><td>status: 0 warming up, 1 scored</td></tr>
 * <tr><td>8</td><td>parameter version</td></tr>
 * <tr><td>2 + n</td><td>length and UTF-8 bytes of the model's name</td></tr>
 * <tr><td>8</td><td>log-likelihood, if scored</td></tr>
 * <tr><td>4 + 8 K</td><td>K and the posterior probabilities, if scored</td></tr>
 * <tr><td>4, from version 2</td><td>how many values were missing</td></tr>
 * <tr><td>4 + 1 + 8, for each number</td><td>its position, 0, and the expected value</td></tr>
 * <tr><td>4 + 1 + 4 + n, for each category</td><td>its position, 1, length and UTF-8 bytes of the most likely one</td></tr>
 * <tr><td>4, from version 3</td><td>how many further outputs there are, then for each of them:</td></tr>
 * <tr><td>2 + n + 1</td><td>length and UTF-8 bytes of its name, and its type: 1 number, 3 vector, 4 matrix</td></tr>
 * <tr><td>8, or 4 + 8 n, or …</td><td>the number; the length of the vector and its numbers; the number of rows of the matrix and
 * each of them as a vector</td></tr>
 * <tr><td>24, in version 4</td><td>score, tail probability and confidence</td></tr>
 * <tr><td>4 + n</td><td>length and UTF-8 bytes of the incident's id; of a text that there is none of, length -1</td></tr>
 * <tr><td>1</td><td>1 if there is an explanation, then:</td></tr>
 * <tr><td>8 + 4 + 8 + 4</td><td>its surprise, component, how typical that is, and number of reasons</td></tr>
 * <tr><td>4 + 48 + 4 + n + 4 + n, for each reason</td><td>position; value, expected value, deviation, surprise, share and season; its
 * category and the expected one</td></tr>
 * </table>
 */
public final class PosteriorBinary {

    private static final short MAGIC = 0x4550;
    private static final byte COMPLETE = 1;
    private static final byte WITH_MISSING = 2;
    private static final byte WITH_OUTPUTS = 3;
    private static final byte WITH_ANOMALY = 4;
    private static final byte NUMBER = 0;
    private static final byte CATEGORY = 1;

    private PosteriorBinary() {}

    /** Encodes a record. */
    public static byte[] encode(ScoredRecord scored) {
        byte[] name = scored.model().getBytes(StandardCharsets.UTF_8);
        Posterior posterior = scored.posterior();
        List<Imputation.Value> missing = posterior == null ? List.of() : posterior.missing();
        int size = 14 + name.length + (posterior == null ? 0 : 12 + 8 * posterior.probabilities().length);
        for (Imputation.Value value : missing) {
            size += 5 + (value.category() == null ? 8 : 4 + utf8(value).length);
        }
        byte format = format(scored);
        size += format == COMPLETE ? 0 : 4;
        size += format >= WITH_OUTPUTS ? OutputsBinary.size(posterior.outputs()) : 0;
        size += format == WITH_ANOMALY ? AnomalyBinary.size(scored.anomaly()) : 0;
        ByteBuffer buffer = ByteBuffer.allocate(size)
                .putShort(MAGIC)
                .put(format)
                .put((byte) (posterior == null ? 0 : 1))
                .putLong(scored.version())
                .putShort((short) name.length)
                .put(name);
        if (posterior != null) {
            buffer.putDouble(posterior.logLikelihood()).putInt(posterior.probabilities().length);
            for (double probability : posterior.probabilities()) {
                buffer.putDouble(probability);
            }
        }
        if (format != COMPLETE) {
            buffer.putInt(missing.size());
            missing.forEach(value -> put(buffer, value));
        }
        if (format >= WITH_OUTPUTS) {
            OutputsBinary.put(buffer, posterior.outputs());
        }
        if (format == WITH_ANOMALY) {
            AnomalyBinary.put(buffer, scored.anomaly());
        }
        return buffer.array();
    }

    private static byte format(ScoredRecord scored) {
        Posterior posterior = scored.posterior();
        if (posterior != null && scored.anomaly() != null) {
            return WITH_ANOMALY;
        }
        if (posterior != null && !posterior.outputs().isEmpty()) {
            return WITH_OUTPUTS;
        }
        return posterior == null || posterior.missing().isEmpty() ? COMPLETE : WITH_MISSING;
    }

    private static byte[] utf8(Imputation.Value value) {
        return value.category().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer buffer, Imputation.Value value) {
        buffer.putInt(value.position());
        if (value.category() == null) {
            buffer.put(NUMBER).putDouble(value.number());
        } else {
            byte[] text = utf8(value);
            buffer.put(CATEGORY).putInt(text.length).put(text);
        }
    }

    /**
     * Decodes a record.
     *
     * @throws IllegalArgumentException if the bytes are not of this form and version
     */
    public static ScoredRecord decode(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            short magic = buffer.getShort();
            byte format = buffer.get();
            if (magic != MAGIC || format < COMPLETE || format > WITH_ANOMALY) {
                throw new IllegalArgumentException(String.format(
                        "bytes begin with magic 0x%04x and format version %d; expected 0x%04x and version %d to %d",
                        magic, format, MAGIC, COMPLETE, WITH_ANOMALY));
            }
            boolean scored = buffer.get() == 1;
            long version = buffer.getLong();
            byte[] name = new byte[Short.toUnsignedInt(buffer.getShort())];
            buffer.get(name);
            Posterior posterior = scored ? decodePosterior(buffer, format) : null;
            Anomaly anomaly = format == WITH_ANOMALY ? AnomalyBinary.get(buffer) : null;
            return new ScoredRecord(new String(name, StandardCharsets.UTF_8), version, posterior, anomaly);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a scored record of " + bytes.length + " bytes is cut off", e);
        }
    }

    private static Posterior decodePosterior(ByteBuffer buffer, byte format) {
        double logLikelihood = buffer.getDouble();
        int components = buffer.getInt();
        if (components < 0 || components > buffer.remaining() / Double.BYTES) {
            throw new BufferUnderflowException();
        }
        double[] probabilities = new double[components];
        for (int k = 0; k < components; k++) {
            probabilities[k] = buffer.getDouble();
        }
        return new Posterior(
                probabilities,
                logLikelihood,
                format == COMPLETE ? List.of() : decodeMissing(buffer),
                format >= WITH_OUTPUTS ? OutputsBinary.get(buffer) : Fields.EMPTY);
    }

    private static List<Imputation.Value> decodeMissing(ByteBuffer buffer) {
        int count = buffer.getInt();
        List<Imputation.Value> missing = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int position = buffer.getInt();
            if (buffer.get() == NUMBER) {
                missing.add(new Imputation.Value(position, buffer.getDouble(), null));
            } else {
                int length = buffer.getInt();
                if (length < 0 || length > buffer.remaining()) {
                    throw new BufferUnderflowException();
                }
                byte[] text = new byte[length];
                buffer.get(text);
                missing.add(new Imputation.Value(position, Double.NaN, new String(text, StandardCharsets.UTF_8)));
            }
        }
        return missing;
    }
}

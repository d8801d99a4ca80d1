package io.onlineem.observation;

import io.onlineem.em.Posterior;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Scored records in a compact binary form with every bit of the numbers, big-endian:
 *
 * <table>
 * <caption>Layout</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>2</td><td>magic, 0x4550</td></tr>
 * <tr><td>1</td><td>format version, 1</td></tr>
 * <tr><td>1</td><td>status: 0 warming up, 1 scored</td></tr>
 * <tr><td>8</td><td>parameter version</td></tr>
 * <tr><td>2 + n</td><td>length and UTF-8 bytes of the model's name</td></tr>
 * <tr><td>8</td><td>log-likelihood, if scored</td></tr>
 * <tr><td>4 + 8 K</td><td>K and the posterior probabilities, if scored</td></tr>
 * </table>
 */
public final class PosteriorBinary {

    private static final short MAGIC = 0x4550;
    private static final byte FORMAT = 1;

    private PosteriorBinary() {}

    /** Encodes a record. */
    public static byte[] encode(ScoredRecord scored) {
        byte[] name = scored.model().getBytes(StandardCharsets.UTF_8);
        Posterior posterior = scored.posterior();
        int size = 14 + name.length + (posterior == null ? 0 : 12 + 8 * posterior.probabilities().length);
        ByteBuffer buffer = ByteBuffer.allocate(size)
                .putShort(MAGIC)
                .put(FORMAT)
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
        return buffer.array();
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
            if (magic != MAGIC || format != FORMAT) {
                throw new IllegalArgumentException(String.format(
                        "bytes begin with magic 0x%04x and format version %d; expected 0x%04x and version %d",
                        magic, format, MAGIC, FORMAT));
            }
            boolean scored = buffer.get() == 1;
            long version = buffer.getLong();
            byte[] name = new byte[Short.toUnsignedInt(buffer.getShort())];
            buffer.get(name);
            Posterior posterior = scored ? decodePosterior(buffer) : null;
            return new ScoredRecord(new String(name, StandardCharsets.UTF_8), version, posterior);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a scored record of " + bytes.length + " bytes is cut off", e);
        }
    }

    private static Posterior decodePosterior(ByteBuffer buffer) {
        double logLikelihood = buffer.getDouble();
        int components = buffer.getInt();
        if (components < 0 || components > buffer.remaining() / Double.BYTES) {
            throw new BufferUnderflowException();
        }
        double[] probabilities = new double[components];
        for (int k = 0; k < components; k++) {
            probabilities[k] = buffer.getDouble();
        }
        return new Posterior(probabilities, logLikelihood);
    }
}

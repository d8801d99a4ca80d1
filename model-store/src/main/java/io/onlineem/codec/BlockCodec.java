package io.onlineem.codec;

import io.onlineem.em.Block;
import io.onlineem.em.Observations;

/**
 * One block of a mini-batch under way, with its number in the mini-batches of its task.
 *
 * <table>
 * <caption>Layout, version 1</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>8</td><td>number</td></tr>
 * <tr><td>4 + bytes</td><td>name of the sequence, in UTF-8</td></tr>
 * <tr><td>4 + 8 n</td><td>number of counted records n, and the log-likelihoods they were scored with; {@code NaN} for one
 * that was not</td></tr>
 * <tr><td>8 n</td><td>times of the counted records, in milliseconds since the epoch</td></tr>
 * <tr><td>…</td><td>the records, as {@link ObservationsCodec} writes them, with their own header</td></tr>
 * </table>
 *
 * <p>Stateless; thread-safe.
 */
public final class BlockCodec {

    private BlockCodec() {}

    /** The bytes of a block. */
    public static byte[] encode(long number, Block block) {
        byte[] records = ObservationsCodec.encode(block.records());
        ByteWriter out = new ByteWriter(
                Format.BLOCK,
                Long.BYTES
                        + 2 * Integer.BYTES
                        + block.sequence().length()
                        + block.counted() * (Double.BYTES + Long.BYTES)
                        + records.length);
        out.int64(number).text(block.sequence()).vector(block.logLikelihoods());
        for (long time : block.times()) {
            out.int64(time);
        }
        return out.raw(records).toBytes();
    }

    /**
     * The number of a block.
     *
     * @throws CodecException if the bytes are no block
     */
    public static long number(byte[] bytes) {
        return new ByteReader(bytes, Format.BLOCK).int64();
    }

    /**
     * The block.
     *
     * @throws CodecException if the bytes are no block, of an unknown version, truncated or corrupt
     */
    public static Block decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, Format.BLOCK);
        in.int64();
        String sequence = in.text();
        double[] logLikelihoods = in.vector();
        long[] times = in.longs(logLikelihoods.length);
        Observations records = ObservationsCodec.decode(in.rest());
        try {
            return new Block(sequence, records, logLikelihoods, times);
        } catch (IllegalArgumentException e) {
            throw in.corrupt(e);
        }
    }
}

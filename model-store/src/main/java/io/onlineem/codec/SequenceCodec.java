package io.onlineem.codec;

import io.onlineem.em.Blocks;
import io.onlineem.em.Observations;
import io.onlineem.em.Sequence;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Sequence} under way.
 *
 * <table>
 * <caption>Layout, version 1</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>8</td><td>time of the newest record, in milliseconds since the epoch</td></tr>
 * <tr><td>1</td><td>1 if the next record is the first of its sequence, otherwise 0</td></tr>
 * <tr><td>4</td><td>records of a block</td></tr>
 * <tr><td>4 + 8 m</td><td>length of the memory m, and the memory after the newest record</td></tr>
 * <tr><td>4 + 8 m c</td><td>number c of memories carried into blocks, at least 1, and those</td></tr>
 * <tr><td>4 + 8 n</td><td>number n of pending records, and the log-likelihoods they were scored with</td></tr>
 * <tr><td>8 n</td><td>times of the pending records, in milliseconds since the epoch</td></tr>
 * <tr><td>…</td><td>the pending records, as {@link ObservationsCodec} writes them, with their own header</td></tr>
 * </table>
 *
 * <p>Stateless; thread-safe. Whatever reads a sequence throws a {@link CodecException} if the bytes are none, of an unknown
 * version, truncated or corrupt.
 */
public final class SequenceCodec {

    private SequenceCodec() {}

    /** The bytes of a sequence, without its name. */
    public static byte[] encode(Sequence sequence) {
        Sequence.State state = sequence.state();
        int pending = state.pending().size();
        byte[] records = ObservationsCodec.encode(state.pending());
        int memories = (1 + state.carried().size()) * state.memory().length;
        ByteWriter out = new ByteWriter(
                Format.SEQUENCE,
                Long.BYTES
                        + 1
                        + 4 * Integer.BYTES
                        + memories * Double.BYTES
                        + pending * (Double.BYTES + Long.BYTES)
                        + records.length);
        out.int64(state.newest()).int8(state.begins() ? 1 : 0).int32(state.length());
        out.vector(state.memory()).int32(state.carried().size());
        for (double[] carried : state.carried()) {
            out.numbers(carried, 0, carried.length);
        }
        out.int32(pending).numbers(state.logLikelihoods(), 0, pending);
        for (int i = 0; i < pending; i++) {
            out.int64(state.times()[i]);
        }
        return out.raw(records).toBytes();
    }

    /** Time of the newest record, in milliseconds since the epoch. */
    public static long newest(byte[] bytes) {
        return new ByteReader(bytes, Format.SEQUENCE).int64();
    }

    /**
     * The sequence.
     *
     * @param memoryLength what the model's sequences carry
     */
    public static Sequence decode(byte[] bytes, String name, Blocks blocks, int memoryLength) {
        ByteReader in = new ByteReader(bytes, Format.SEQUENCE);
        long newest = in.int64();
        boolean begins = in.flag("beginning");
        int length = in.int32();
        double[] memory = in.vector();
        if (length < 1 || memory.length != memoryLength) {
            throw in.corrupt(
                    "blocks have " + length + " records and memories " + memory.length
                            + " numbers; expected at least 1 and " + memoryLength
                            + ": it may belong to another model; use another application id or model name, or reset the application");
        }
        int count = in.count(Math.max(1, memoryLength * Double.BYTES));
        List<double[]> carried = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            carried.add(in.numbers(memoryLength));
        }
        double[] logLikelihoods = in.vector();
        long[] times = in.longs(logLikelihoods.length);
        Observations pending = ObservationsCodec.decode(in.rest());
        if (carried.isEmpty() || pending.size() != times.length) {
            throw in.corrupt("it has " + carried.size() + " memories and " + times.length
                    + " times; expected at least 1 and " + pending.size() + ", one for each record");
        }
        return new Sequence(
                name,
                blocks,
                new Sequence.State(length, memory, begins, newest, carried, pending, logLikelihoods, times));
    }
}

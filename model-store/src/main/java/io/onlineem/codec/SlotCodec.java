package io.onlineem.codec;

import io.onlineem.em.Observations;

/**
 * One slot of a mini-batch under way: an observation, its sequence number and what it was scored with. Written once for
 * every record of the stream, hence one array and no stream in between.
 *
 * <table>
 * <caption>Layout, version 1</caption>
 * <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 * <tr><td>0</td><td>4</td><td>header</td></tr>
 * <tr><td>4</td><td>8</td><td>sequence number of the observation: 1, 2, …</td></tr>
 * <tr><td>12</td><td>8</td><td>log-likelihood it was scored with; {@code NaN} if it was not scored</td></tr>
 * <tr><td>20</td><td>8</td><td>weight of the record</td></tr>
 * <tr><td>28</td><td>8 n</td><td>the n numbers of the record</td></tr>
 * </table>
 *
 * <p>Stateless; thread-safe. Whatever reads a slot throws a {@link CodecException} if it is not one, of an unknown version
 * or truncated.
 */
public final class SlotCodec {

    private static final int SEQUENCE = Format.HEADER;
    private static final int LOG_LIKELIHOOD = SEQUENCE + Long.BYTES;
    private static final int WEIGHT = LOG_LIKELIHOOD + Double.BYTES;
    private static final int VALUES = WEIGHT + Double.BYTES;

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
        byte[] slot = new byte[VALUES + length * Double.BYTES];
        Format.SLOT.putHeader(slot);
        Bytes.putLong(slot, SEQUENCE, sequence);
        Bytes.putDouble(slot, LOG_LIKELIHOOD, logLikelihood);
        Bytes.putDouble(slot, WEIGHT, records.weight(index));
        Bytes.putDoubles(slot, VALUES, records.values(), records.offset(index), length);
        return slot;
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
        require(slot);
        int length = (slot.length - VALUES) / Double.BYTES;
        double weight = Bytes.getDouble(slot, WEIGHT);
        if (!(weight > 0) || weight == Double.POSITIVE_INFINITY) {
            throw new CodecException(Format.SLOT.label() + " is corrupt: the record's weight is " + weight
                    + "; expected a positive, finite number");
        }
        into.add(Bytes.getDoubles(slot, VALUES, length), 0, length, weight);
    }

    private static void require(byte[] slot) {
        Format.SLOT.requireHeader(slot);
        if (slot.length < VALUES || (slot.length - VALUES) % Double.BYTES != 0) {
            throw new CodecException(Format.SLOT.label() + " has " + slot.length + " bytes; expected " + VALUES
                    + " and " + Double.BYTES + " for each number; it is truncated or corrupt");
        }
    }
}

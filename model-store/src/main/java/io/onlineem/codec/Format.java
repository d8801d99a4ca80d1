package io.onlineem.codec;

/**
 * The binary formats, and the header with which every value of them begins:
 *
 * <table>
 * <caption>Header</caption>
 * <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 * <tr><td>0</td><td>2</td><td>magic, "EM" in ASCII</td></tr>
 * <tr><td>2</td><td>1</td><td>kind: 1 state, 2 batch, 3 sample, 4 observations, 5 slot, 6 block,
 * 7 sequence, 8 control, 9 calibration, 10 watched stream; never used again for another</td></tr>
 * <tr><td>3</td><td>1</td><td>version of the kind's layout, from 1</td></tr>
 * </table>
 *
 * <p>A layout never changes: a change is a new version, and the older ones stay readable. Their golden files are kept.
 */
enum Format {
    /** Owned by {@link StateCodec}. */
    STATE(1, 2, "a model state"),
    /** Owned by {@link ContributionCodec}. */
    BATCH(2, 2, "statistics of a mini-batch"),
    /** Owned by {@link ContributionCodec}. */
    SAMPLE(3, 1, "a warm-up sample"),
    /** Owned by {@link ObservationsCodec}. */
    OBSERVATIONS(4, 3, "observations"),
    /** Owned by {@link SlotCodec}. */
    SLOT(5, 2, "a slot of a mini-batch"),
    /** Owned by {@link BlockCodec}. */
    BLOCK(6, 1, "a block of a sequence"),
    /** Owned by {@link SequenceCodec}. */
    SEQUENCE(7, 1, "a sequence under way"),
    /** Owned by {@link ControlStateCodec}. */
    CONTROL(8, 2, "what a model remembers of commands"),
    /** Owned by {@link ScorerCodec}. */
    SCORER(9, 1, "a calibration of surprises"),
    /** Owned by {@link DetectorCodec}. */
    DETECTOR(10, 1, "a watched stream");

    /** Bytes of the header. */
    static final int HEADER = 4;

    private static final int MAGIC = 'E' << 8 | 'M';

    private final int kind;
    /** The newest version: the one that is written. */
    private final int newest;

    private final String label;
    private final int header;

    Format(int kind, int newest, String label) {
        this.kind = kind;
        this.newest = newest;
        this.label = label;
        this.header = MAGIC << 16 | kind << 8 | newest;
    }

    /** What a value of this format is, with its article, for messages. */
    String label() {
        return label;
    }

    void putHeader(byte[] bytes) {
        Bytes.putInt(bytes, 0, header);
    }

    /**
     * Requires that a value begins with this format's header.
     *
     * @return the version of its layout, from 1 to the newest
     * @throws CodecException if it is too short, not one of ours, of another kind or of an unknown version
     */
    int requireHeader(byte[] bytes) {
        if (bytes.length >= HEADER) {
            int behind = header - Bytes.getInt(bytes, 0);
            if (behind >= 0 && behind < newest) {
                return newest - behind;
            }
        }
        throw mismatch(bytes);
    }

    /** The format of a value, by its header; the version is not looked at. */
    static Format of(byte[] bytes, String expected) {
        if (bytes.length < HEADER) {
            throw new CodecException(
                    "a value has " + bytes.length + " bytes; expected " + expected + ", which begins with a header of "
                            + HEADER + "; it is truncated or was not written by online-em");
        }
        int found = Bytes.getInt(bytes, 0);
        if (found >>> 16 != MAGIC) {
            throw new CodecException(String.format(
                    "a value begins with 0x%04X; expected %s, which begins with 0x%04X; it was not written by online-em:"
                            + " check the name of the topic or store",
                    found >>> 16, expected, MAGIC));
        }
        for (Format format : values()) {
            if (format.kind == (found >>> 8 & 0xFF)) {
                return format;
            }
        }
        throw new CodecException("a value is of kind " + (found >>> 8 & 0xFF) + ", which this release does not know;"
                + " expected " + expected + "; upgrade to the release that wrote it");
    }

    private CodecException mismatch(byte[] bytes) {
        Format found = of(bytes, label);
        if (found != this) {
            return new CodecException("a value is " + found.label + "; expected " + label
                    + "; check the name of the topic or store it was read from");
        }
        return new CodecException(label + " has format version " + (bytes[3] & 0xFF) + "; this release reads "
                + (newest == 1 ? "version 1" : "versions 1 to " + newest)
                + "; upgrade to the release that wrote it, or reset the application");
    }
}

package io.onlineem.em;

/**
 * How the records of a sequence become blocks. A block is smoothed from the filter distribution that is carried into it, and
 * with the records that follow it; longer look-ahead makes its statistics those of the whole sequence, as fast as the chain
 * forgets.
 *
 * @param length records of a block that are counted, at least 1
 * @param lookAhead records after them that inform the smoothing, at least 0; they are counted in the next block
 */
public record Blocks(int length, int lookAhead) {

    /** Blocks of 20 with a look-ahead of 10. */
    public static final Blocks DEFAULTS = new Blocks(20, 10);

    /** Checks the values. */
    public Blocks {
        if (length < 1) {
            throw new IllegalArgumentException("length of blocks is " + length + "; expected at least 1 record");
        }
        if (lookAhead < 0) {
            throw new IllegalArgumentException("look-ahead is " + lookAhead + "; expected at least 0 records");
        }
    }

    /** Records after which a block is complete: with its look-ahead. */
    int complete() {
        return length + lookAhead;
    }
}

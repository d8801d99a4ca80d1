package io.onlineem.em;

import java.util.Arrays;
import java.util.List;

/** Which text of a list a {@linkplain Observations#category code} is: a hash table with open addressing. Immutable; thread-safe. */
public final class CategoryIndex {

    /** 2^64 over the golden ratio (Knuth), by which codes are spread over the table. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** {@code NaN} where there is none; at most half of them are taken. */
    private final double[] codes;

    private final int[] positions;
    private final int shift;

    /**
     * An index.
     *
     * @param texts each once
     * @param unknown what stands for codes that are none of theirs
     */
    public CategoryIndex(List<String> texts, int unknown) {
        shift = Long.numberOfLeadingZeros(Math.max(1, texts.size())) - 1;
        codes = new double[1 << (Long.SIZE - shift)];
        positions = new int[codes.length];
        Arrays.fill(codes, Double.NaN);
        Arrays.fill(positions, unknown);
        for (int c = 0; c < texts.size(); c++) {
            double code = Observations.category(texts.get(c));
            int at = placeOf(code);
            codes[at] = code;
            positions[at] = c;
        }
    }

    /** The position of the text with that code, or what stands for unknown ones. */
    public int of(double code) {
        return positions[placeOf(code)];
    }

    /** Where the code is, or the free place where it would be. */
    private int placeOf(double code) {
        int at = (int) ((Double.doubleToRawLongBits(code) * SPREAD) >>> shift);
        while (codes[at] != code && !Double.isNaN(codes[at])) {
            at = (at + 1) & (codes.length - 1);
        }
        return at;
    }
}

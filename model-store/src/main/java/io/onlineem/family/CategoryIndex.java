package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.List;

/** Which category of a list a code is: a hash table with open addressing. Immutable; thread-safe. */
final class CategoryIndex {

    /** 2^64 over the golden ratio (Knuth), by which codes are spread over the table. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** {@code NaN} where there is none; at most half of them are taken. */
    private final double[] codes;

    private final int[] positions;
    private final int shift;
    private final int unknown;

    /**
     * An index.
     *
     * @param hasOther whether {@link CategoricalFamily#OTHER} is one of them, for codes that are none of the others
     */
    CategoryIndex(List<String> categories, boolean hasOther) {
        shift = Long.numberOfLeadingZeros(categories.size()) - 1;
        codes = new double[1 << (Long.SIZE - shift)];
        positions = new int[codes.length];
        unknown = hasOther ? categories.indexOf(CategoricalFamily.OTHER) : categories.size();
        Arrays.fill(codes, Double.NaN);
        Arrays.fill(positions, unknown);
        for (int c = 0; c < categories.size(); c++) {
            double code = Observations.category(categories.get(c));
            int at = placeOf(code);
            codes[at] = code;
            positions[at] = c;
        }
    }

    /** The position of a code; without other, the number of categories for a code that is none of them. */
    int of(double code) {
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

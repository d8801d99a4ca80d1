package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which category of a list a code is. Immutable; thread-safe. */
final class CategoryIndex {

    private final double[] codes;
    private final int[] positions;
    private final int unknown;

    /**
     * An index.
     *
     * @param hasOther whether {@link CategoricalFamily#OTHER} is one of them, for codes that are none of the others
     */
    CategoryIndex(List<String> categories, boolean hasOther) {
        Map<Double, Integer> byCode = new TreeMap<>();
        for (int c = 0; c < categories.size(); c++) {
            byCode.put(Observations.category(categories.get(c)), c);
        }
        codes = byCode.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        positions = byCode.values().stream().mapToInt(Integer::intValue).toArray();
        unknown = hasOther ? categories.indexOf(CategoricalFamily.OTHER) : categories.size();
    }

    /** The position of a code; without other, the number of categories for a code that is none of them. */
    int of(double code) {
        int found = Arrays.binarySearch(codes, code);
        return found >= 0 ? positions[found] : unknown;
    }
}

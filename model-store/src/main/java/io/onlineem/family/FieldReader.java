package io.onlineem.family;

/** The terms of single fields of single records. Holds scratch space; not thread-safe. */
final class FieldReader {

    private final FieldwiseFamily family;
    private final double[] x = new double[1];
    private final double[] size;
    private final double[] logBase = new double[1];
    private final double[][] terms;

    FieldReader(FieldwiseFamily family) {
        this.family = family;
        this.size = family.isSized() ? new double[1] : null;
        this.terms = new double[family.univariate().terms()][1];
    }

    /**
     * Reads field j of the record that begins at {@code offset}.
     *
     * @return false if it or its size is missing
     */
    boolean read(double[] values, int offset, int j) {
        x[0] = values[offset + family.columns()[j]];
        if (Double.isNaN(x[0])) {
            return false;
        }
        if (size != null) {
            size[0] = values[offset + family.sizeColumn()];
            if (Double.isNaN(size[0])) {
                return false;
            }
        }
        logBase[0] = 0;
        family.univariate().terms(x, size, 1, terms, logBase);
        return true;
    }

    double term(int t) {
        return terms[t][0];
    }

    double logBase() {
        return logBase[0];
    }

    /** 1 without sizes. */
    double size() {
        return size == null ? 1 : size[0];
    }
}

package io.onlineem.config;

import java.util.Optional;

/** What a number of a record becomes before a model sees it. */
public enum Transform {
    /** The number itself. */
    NONE("none", "any number") {
        @Override
        public double of(double value) {
            return value;
        }

        @Override
        public boolean accepts(double value) {
            return true;
        }
    },
    /** {@code log(1 + x)}, for amounts over several orders of magnitude that may be zero. */
    LOG1P("log1p", "a number above -1, of which log1p has a value") {
        @Override
        public double of(double value) {
            return Math.log1p(value);
        }

        @Override
        public boolean accepts(double value) {
            return value > -1;
        }
    },
    /** {@code √x}, for counts, whose variance it makes even. */
    SQRT("sqrt", "a number of at least 0, of which sqrt has a value") {
        @Override
        public double of(double value) {
            return Math.sqrt(value);
        }

        @Override
        public boolean accepts(double value) {
            return value >= 0;
        }
    },
    /**
     * The difference from the previous record of the same key. Needs that record, hence made from raw numbers elsewhere:
     * {@link #of} leaves the number as it is.
     */
    DIFFERENCE("difference", "any number") {
        @Override
        public double of(double value) {
            return value;
        }

        @Override
        public boolean accepts(double value) {
            return true;
        }
    };

    private final String label;
    private final String expected;

    Transform(String label, String expected) {
        this.label = label;
        this.expected = expected;
    }

    /** How configurations call it. */
    public String label() {
        return label;
    }

    /** The transform that configurations call so. */
    public static Optional<Transform> of(String label) {
        for (Transform transform : values()) {
            if (transform.label.equals(label)) {
                return Optional.of(transform);
            }
        }
        return Optional.empty();
    }

    /** The transformed number. */
    public abstract double of(double value);

    /** Whether a finite number can be transformed. */
    public abstract boolean accepts(double value);

    /** What numbers it takes, as it ends the sentence "expected …". */
    public String expected() {
        return expected;
    }

    /** What the transformed field is called: {@code log1p(amount)}. */
    public String feature(String path) {
        return this == NONE ? path : label + "(" + path + ")";
    }
}

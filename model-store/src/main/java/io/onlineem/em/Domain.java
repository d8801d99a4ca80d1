package io.onlineem.em;

/** The numbers that one position of a record may take. A missing value, {@code NaN}, is in none of them. */
public enum Domain {
    /** Any finite number. */
    REAL("a finite number") {
        @Override
        boolean holds(double value) {
            return true;
        }
    },
    /** Zero or more. */
    NON_NEGATIVE("a number of at least 0") {
        @Override
        boolean holds(double value) {
            return value >= 0;
        }
    },
    /** More than zero. */
    POSITIVE("a number above 0") {
        @Override
        boolean holds(double value) {
            return value > 0;
        }
    },
    /** 0, 1, 2, … */
    COUNT("a whole number of at least 0") {
        @Override
        boolean holds(double value) {
            return value >= 0 && value == Math.rint(value);
        }
    },
    /** 0 for no, 1 for yes. */
    FLAG("true or false, or 1 or 0") {
        @Override
        boolean holds(double value) {
            return value == 0 || value == 1;
        }
    },
    /** The {@linkplain Observations#category code} of a text. */
    CATEGORY("a category") {
        @Override
        boolean holds(double value) {
            return true;
        }
    },
    /** Words of a document, each a {@linkplain Observations#category code} and how often it occurs; not one number. */
    WORDS("a text, or words and how often they occur") {
        @Override
        boolean holds(double value) {
            return true;
        }
    };

    private final String expected;

    Domain(String expected) {
        this.expected = expected;
    }

    /** Whether a number is finite and in this domain. */
    public boolean contains(double value) {
        return Math.abs(value) <= Double.MAX_VALUE && holds(value);
    }

    /** What values it takes, as it ends the sentence "expected …". */
    public String expected() {
        return expected;
    }

    abstract boolean holds(double value);
}

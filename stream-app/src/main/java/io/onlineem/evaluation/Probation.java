package io.onlineem.evaluation;

/**
 * The beginning of a series, in which a detector learns and is not judged: a share of the records of a series, up to a
 * number of them.
 *
 * @param share of the records, at least 0 and below 1
 * @param most the largest number of records, not negative
 */
public record Probation(double share, int most) {

    /** 15 %, of 5,000 records at most: that of Lavin and Ahmad (2015) in their benchmark. */
    public static final Probation STANDARD = new Probation(0.15, 750);

    /** None: every record counts. */
    public static final Probation NONE = new Probation(0, 0);

    public Probation {
        if (!(share >= 0 && share <= 1) || most < 0) {
            throw new IllegalArgumentException("a probation of a share of " + share + ", at most " + most
                    + " records; expected a share from 0 to 1 and a number that is not negative");
        }
    }

    /** The first so many records of every series. */
    public static Probation ofRecords(int records) {
        return new Probation(1, records);
    }

    /** How many records of a series are not judged. */
    public int of(int size) {
        return (int) Math.min(Math.floor(share * size), most);
    }
}

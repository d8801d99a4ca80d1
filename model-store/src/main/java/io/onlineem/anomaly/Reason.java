package io.onlineem.anomaly;

/**
 * What one field of a record has to do with how unlikely the record was.
 *
 * @param position where in the record the field is, from 0
 * @param value its value; of a category its {@linkplain io.onlineem.em.Observations#category code}
 * @param category the text of a category, if it is known; otherwise null
 * @param expected {@code E[x_j | the other fields, the past]}; {@code NaN} for a category
 * @param deviation standard deviation of x_j given the other fields and the past; {@code NaN} for a category, and where there
 *     is none
 * @param expectedCategory the most likely category given the other fields and the past; null for a number
 * @param surprise {@code -log p(x_j | fields after it in the explanation, the past)}, natural logarithm, in the units of the
 *     record: those of all fields add up to the surprise of the record
 * @param share of the record's unlikeliness that this field accounts for, from 0 to 1: by how much the record would be
 *     likelier with what was expected in the place of this value. Those of all fields add up to one, or are all 0
 * @param season what the value owes to the time of day and of the week: the model saw, and expected, so much less. 0 where no
 *     season is watched
 */
public record Reason(
        int position,
        double value,
        String category,
        double expected,
        double deviation,
        String expectedCategory,
        double surprise,
        double share,
        double season) {

    /** How wide an expected interval is to either side, in standard deviations. */
    public static final double WIDTH = 2;

    /** The same of a value from which a season had been taken. */
    Reason withSeason(double taken) {
        return new Reason(
                position,
                value + taken,
                category,
                expected + taken,
                deviation,
                expectedCategory,
                surprise,
                share,
                taken);
    }

    /** Where values that would not have surprised begin: {@value #WIDTH} standard deviations below the expected one. */
    public double low() {
        return expected - WIDTH * deviation;
    }

    /** Where values that would not have surprised end: {@value #WIDTH} standard deviations above the expected one. */
    public double high() {
        return expected + WIDTH * deviation;
    }
}

package io.onlineem.anomaly;

/**
 * What a value owes to the time of day and of the week, learned as it goes: means by quarter of an hour of the day, and of what these
 * leave by hour of the week. How much of it is taken from a value is learned too, as the regression of the changes of values on the
 * changes that were expected beforehand: nothing where there is no season, or not enough of it has been seen. Strictly causal.
 *
 * <p>A value counts at most three long-run standard deviations from what was expected, so that an anomaly does not become the season.
 * Mutable; not thread-safe.
 */
final class SeasonalProfile {

    private static final int DAY_SLOTS = 96;
    private static final int WEEK_SLOTS = 7 * 24;
    private static final long DAY = 86_400_000;
    private static final long HOUR = 3_600_000;

    /** Days, or weeks, that a profile remembers. */
    private static final double DAYS = 10;

    private static final double WEEKS = 6;

    private static final double LONG_RUN = 5000;
    private static final double CHANGES = 2000;

    /** Records until which any value is taken for what it is. */
    private static final int BEGINNING = 50;

    /** Share of the variance below which a season is none. */
    private static final double NONE = 1e-3;

    /** Numbers of {@link #state()} beside the two parts. */
    private static final int FIXED = 5;

    private final Part day = new Part(DAY_SLOTS, DAYS, 0.5);
    private final Part week = new Part(WEEK_SLOTS, WEEKS, 1);
    private long records;
    private double mean;
    private double variance;
    private double previous = Double.NaN;
    private long previousTime;

    /** Means by slot, and how much they explain of changes. */
    private static final class Part {
        private final double[] means;
        private final double[] visits;
        private final double remembered;
        private final double imagined;
        private double covariance;
        private double square;
        private int current = -1;
        private double before;
        private double now;

        Part(int slots, double remembered, double imagined) {
            this.means = new double[slots];
            this.visits = new double[slots];
            this.remembered = remembered;
            this.imagined = imagined;
        }

        /** What is expected in a slot is from earlier visits: records of this one would be regressed on themselves. */
        void expect(int slot) {
            before = now;
            if (slot == current) {
                return;
            }
            current = slot;
            now = means[slot] * visits[slot] / (visits[slot] + imagined);
        }

        void write(double[] into, int from) {
            int at = from;
            into[at++] = covariance;
            into[at++] = square;
            into[at++] = current;
            into[at++] = before;
            into[at++] = now;
            System.arraycopy(means, 0, into, at, means.length);
            System.arraycopy(visits, 0, into, at + means.length, visits.length);
        }

        void read(double[] state, int from) {
            int at = from;
            covariance = state[at++];
            square = state[at++];
            current = (int) state[at++];
            before = state[at++];
            now = state[at++];
            System.arraycopy(state, at, means, 0, means.length);
            System.arraycopy(state, at + means.length, visits, 0, visits.length);
        }

        static int length(int slots) {
            return 5 + 2 * slots;
        }

        double share(double variance) {
            return square > 0 ? Math.max(0, Math.min(1, covariance / (square + NONE * variance))) : 0;
        }

        void regress(double change, double gain, double largest) {
            double expected = now - before;
            double product = Math.max(-largest, Math.min(largest, change * expected));
            covariance += gain * (product - covariance);
            square += gain * (Math.min(largest, expected * expected) - square);
        }

        void learn(int slot, double value, double recordsOfVisit) {
            visits[slot] += 1 / recordsOfVisit;
            double weight = Math.min(visits[slot] * recordsOfVisit + 1, remembered * recordsOfVisit);
            means[slot] += (value - means[slot]) / weight;
        }
    }

    /** Nothing has been seen. */
    SeasonalProfile() {}

    /** What has been seen goes on. */
    SeasonalProfile(double[] state) {
        Numbers.of(state, FIXED + Part.length(DAY_SLOTS) + Part.length(WEEK_SLOTS), "a season");
        records = (long) state[0];
        mean = state[1];
        variance = state[2];
        previous = state[3];
        previousTime = (long) state[4];
        Numbers.require(records >= 0 && !(variance < 0), "the variance of a season", variance);
        day.read(state, FIXED);
        week.read(state, FIXED + Part.length(DAY_SLOTS));
    }

    /** What has been seen so far. */
    double[] state() {
        double[] state = new double[FIXED + Part.length(DAY_SLOTS) + Part.length(WEEK_SLOTS)];
        state[0] = records;
        state[1] = mean;
        state[2] = variance;
        state[3] = previous;
        state[4] = previousTime;
        day.write(state, FIXED);
        week.write(state, FIXED + Part.length(DAY_SLOTS));
        return state;
    }

    /**
     * The season at the time of the next record, which is counted.
     *
     * @param time milliseconds since 1970
     * @param value {@code NaN} if it is missing
     */
    double next(long time, double value) {
        if (Double.isNaN(value)) {
            return 0;
        }
        int ofDay = (int) (Math.floorMod(time, DAY) * DAY_SLOTS / DAY);
        int ofWeek = (int) Math.floorMod(Math.floorDiv(time, HOUR), (long) WEEK_SLOTS);
        records++;
        double longRun = 1 / Math.min((double) records, LONG_RUN);
        mean = records == 1 ? value : mean + longRun * (value - mean);
        double square = (value - mean) * (value - mean);
        variance += longRun * ((records <= BEGINNING ? square : Math.min(square, 9 * variance)) - variance);
        day.expect(ofDay);
        week.expect(ofWeek);
        double daily = day.share(variance);
        double season = daily * day.now + week.share(variance) * week.now;
        if (records > 1) {
            double gain = Math.max(1.0 / records, 1 / CHANGES);
            double change = value - previous;
            day.regress(change, gain, 9 * variance);
            week.regress(change - daily * (day.now - day.before), gain, 9 * variance);
        }
        learn(ofDay, ofWeek, value, records > 1 ? (double) Math.max(1000, time - previousTime) : HOUR);
        previous = value;
        previousTime = time;
        return season;
    }

    private void learn(int ofDay, int ofWeek, double value, double interval) {
        double most = 3 * Math.sqrt(variance);
        double fromDay = value - mean - day.means[ofDay];
        day.learn(
                ofDay,
                day.means[ofDay] + Math.max(-most, Math.min(most, fromDay)),
                Math.max(1, DAY / (double) DAY_SLOTS / interval));
        double fromWeek = value - mean - day.means[ofDay] - week.means[ofWeek];
        week.learn(
                ofWeek, week.means[ofWeek] + Math.max(-most, Math.min(most, fromWeek)), Math.max(1, HOUR / interval));
    }
}

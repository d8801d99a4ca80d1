package io.onlineem.anomaly;

import java.util.Arrays;

/**
 * Learns the {@link Tail} of one statistic of a stream as it arrives: the body with an {@link AgeingSketch}, what is beyond
 * a high quantile of it with a {@link GeneralizedPareto}. Refitted when a sixteenth of what it knows is new. Mutable; not
 * thread-safe.
 */
final class TailEstimator implements TailLearner {

    /** A window that tells as much as weights that halve: their effective sample size, 2 / ln 2 half-lives. */
    private static final double WINDOW = 2 / Math.log(2);

    /** The largest share of the records that is called the tail, while there are few of them. */
    private static final double LARGEST_TAIL = 0.2;

    /** Remembered for each excess that is fitted, so that the threshold can sink. */
    private static final double SPARE = 1.6;

    private static final int FEWEST_EXCESSES = 8;
    private static final int LEAST_WAIT = 48;

    /** A shape that the data must speak against: weakly heavy, as if that many excesses had shown it. */
    private static final double PRIOR_SHAPE = 0.1;

    private static final double PRIOR_EXCESSES = 10;

    /** Fewer distinct surprises than records mean less evidence: a change is worth that many records. */
    private static final double WORTH_OF_CHANGE = 25;

    /** Nats below which surprises are the same. */
    private static final double SAME = 0.01;

    /** Excesses beyond the threshold that double the evidence for what no record has shown. */
    private static final double EXTRAPOLATION = 20;

    /** Values farther away than that many times from the middle to the threshold count as so far. */
    private static final double FAR = 50;

    /** Parts of the body with less than this share of the mass, and of the survival, are joined. */
    private static final double FINE = 0.025;

    private static final double ATOM = 0.03;
    private static final double STEEP = 1.5;

    private final double halfLife;
    private final int warmUp;

    /** Large values of the newest records, a ring; all values during the warm-up. */
    private final double[] peaks;

    /** When each was seen: the low bits of the record's number. */
    private final int[] times;

    private int first;
    private int size;
    private long records;
    private double evidence;
    private double changes;
    private double last = Double.NaN;
    private double owed;
    private double level = Double.NEGATIVE_INFINITY;
    private double nearest = Double.NEGATIVE_INFINITY;
    private double farthest = Double.POSITIVE_INFINITY;
    private double cap = Double.POSITIVE_INFINITY;
    private int waited;
    private int fresh;
    private AgeingSketch sketch;
    private Tail tail = Tail.UNKNOWN;

    TailEstimator(double halfLife, int excesses, int warmUp) {
        this.halfLife = halfLife;
        this.warmUp = warmUp;
        int capacity = Math.max((int) Math.ceil(SPARE * excesses), warmUp);
        peaks = new double[capacity];
        times = new int[capacity];
    }

    /** An estimator that goes on; peaks beyond what is remembered are forgotten, oldest first. */
    TailEstimator(double halfLife, int excesses, int warmUp, TailState state) {
        this(halfLife, excesses, warmUp);
        size = Math.min(peaks.length, state.peaks().length);
        System.arraycopy(state.peaks(), state.peaks().length - size, peaks, 0, size);
        System.arraycopy(state.times(), state.times().length - size, times, 0, size);
        tail = state.tail();
        records = state.records();
        evidence = state.evidence();
        changes = state.changes();
        last = state.last();
        owed = state.owed();
        level = state.level();
        nearest = state.nearest();
        farthest = state.farthest();
        cap = state.cap();
        waited = state.waited();
        fresh = state.fresh();
        if (state.bins().length > 0) {
            sketch = new AgeingSketch(
                    new AgeingSketch.Bins(state.centre(), state.weight(), state.bins(), state.counts()), halfLife);
        }
    }

    /** Where it has got to. */
    TailState state() {
        double[] values = new double[size];
        int[] stamps = new int[size];
        for (int i = 0; i < size; i++) {
            values[i] = peaks[(first + i) % peaks.length];
            stamps[i] = times[(first + i) % peaks.length];
        }
        AgeingSketch.Bins bins =
                sketch == null ? new AgeingSketch.Bins(0, 1, new int[0], new double[0]) : sketch.snapshot();
        return new TailState(
                tail,
                values,
                stamps,
                records,
                evidence,
                changes,
                last,
                owed,
                level,
                nearest,
                farthest,
                cap,
                waited,
                fresh,
                bins.centre(),
                bins.weight(),
                bins.indices(),
                bins.counts());
    }

    @Override
    public Tail tail() {
        return tail;
    }

    @Override
    public double probability(double value) {
        return tail.probability(value);
    }

    @Override
    public void learn(double value, double share) {
        if (!(share > 0) || Double.isNaN(value)) {
            return;
        }
        records++;
        evidence += share;
        if (!(Math.abs(value - last) <= SAME)) {
            changes += share;
            last = value;
        }
        if (sketch == null) {
            remember(value);
            if (size >= warmUp) {
                begin();
            }
            return;
        }
        sketch.add(Math.min(Math.max(value, nearest), farthest), share);
        if (value > level) {
            owed += share;
            if (owed >= 1) {
                owed -= 1;
                remember(Math.min(value, cap));
                fresh++;
            }
        }
        waited++;
        if (waited >= LEAST_WAIT
                && (waited >= window() / 16 || fresh >= Math.max(FEWEST_EXCESSES, peaks.length / 16))) {
            refit();
        } else if (records < 2L * LEAST_WAIT + warmUp && waited >= 8) {
            refit();
        }
    }

    private double window() {
        return Math.min((double) records, WINDOW * halfLife);
    }

    private void remember(double value) {
        int at = (first + size) % peaks.length;
        peaks[at] = value;
        times[at] = (int) records;
        if (size == peaks.length) {
            first = (first + 1) % peaks.length;
        } else {
            size++;
        }
    }

    /** The end of the warm-up: where the values lie is known. */
    private void begin() {
        double[] sorted = Arrays.copyOf(peaks, size);
        Arrays.sort(sorted);
        double median = sorted[size / 2];
        sketch = new AgeingSketch(median, halfLife);
        double reach = FAR * Math.max(sorted[size - 1 - size / 10] - median, median - sorted[size / 10]);
        nearest = median - Math.max(SAME, reach);
        farthest = median + Math.max(SAME, reach);
        for (int i = 0; i < size; i++) {
            sketch.add(Math.min(Math.max(peaks[i], nearest), farthest), 1);
        }
        refit();
    }

    private void refit() {
        waited = 0;
        fresh = 0;
        AgeingSketch.Bins bins = sketch.snapshot();
        double window = window();
        double kept = peaks.length / SPARE;
        double share = Math.min(Math.min(LARGEST_TAIL, 3 / Math.sqrt(window)), kept / window);
        Body body = new Body(bins);
        double median = body.quantile(0.5);
        double incomplete = level;
        // The bound of a bin, beyond which the count is exact.
        double wide = Math.min(1, SPARE * share);
        int bin = body.binOf(body.quantile(wide));
        if (body.from[bin] > 4 * wide && body.beyond[bin] > wide / 8) {
            // An atom would flood what is remembered: what is beyond it tells enough.
            level = bins.upper(bin++);
        } else {
            level = bins.lower(bin);
        }
        double beyondLevel = body.from[bin];
        forget(window);
        double[] large = Arrays.copyOf(peaks, size);
        Arrays.sort(large);
        boolean discrete = mostlyTied(large);
        double threshold = level;
        if (size >= FEWEST_EXCESSES) {
            int wanted = (int) Math.ceil(size * Math.min(1, share / beyondLevel));
            threshold =
                    Math.max(wanted < size ? large[size - 1 - wanted] : level, Math.min(incomplete, large[size - 1]));
        }
        double[] excesses = excesses(large, threshold);
        double counted = discrete ? body.beyond[body.binOf(threshold)] : 0;
        double remembered = size == 0 ? 0 : beyondLevel * excesses.length / size;
        double rate = threshold == level
                ? beyondLevel
                : Math.min(beyondLevel, Math.max(Math.max(remembered, counted), 1 / (evidence + 1)));
        double independent = excesses.length == 0 ? 1 : extremalIndex(threshold);
        double smallest = smallest(excesses.length, independent);
        double granularity = discrete ? granularity(excesses) : 0;
        GeneralizedPareto excess =
                fit(excesses, granularity, independent, (threshold - median) / Math.log(0.5 / Math.min(0.25, rate)));
        double[][] points = body.points(bin, large, threshold, rate, discrete);
        tail = new Tail(points[0], points[1], threshold, rate, excess, granularity, smallest);
        cap = discrete ? Double.POSITIVE_INFINITY : threshold + excess.quantile(Math.min(1, smallest / 10 / rate));
        double spread = Math.max(SAME, threshold - median);
        farthest = Math.max(threshold, median + FAR * spread);
        double low = body.quantile(0.95);
        nearest = median - FAR * Math.max(SAME, Math.max(spread, median - low));
        double quartiles = body.quantile(0.25) - body.quantile(0.75);
        if (Math.abs(median - bins.centre()) > 2 * Math.max(SAME, quartiles)) {
            sketch.recentre(median);
        }
    }

    /** Drops what is too old, or no longer large. */
    private void forget(double window) {
        int kept = 0;
        double[] values = new double[size];
        int[] stamps = new int[size];
        for (int i = 0; i < size; i++) {
            int at = (first + i) % peaks.length;
            if (peaks[at] > level && ((int) records - times[at]) <= window) {
                values[kept] = peaks[at];
                stamps[kept++] = times[at];
            }
        }
        System.arraycopy(values, 0, peaks, 0, kept);
        System.arraycopy(stamps, 0, times, 0, kept);
        first = 0;
        size = kept;
    }

    private static double[] excesses(double[] sorted, double threshold) {
        int from = sorted.length;
        while (from > 0 && sorted[from - 1] > threshold) {
            from--;
        }
        double[] excesses = Arrays.copyOfRange(sorted, from, sorted.length);
        for (int i = 0; i < excesses.length; i++) {
            excesses[i] -= threshold;
        }
        return excesses;
    }

    /**
     * Evidence is counted in records and in changes; excesses beyond the threshold let it reach farther.
     *
     * @param independent share of the excesses that tell something of their own
     */
    private double smallest(int excesses, double independent) {
        double counted = Math.min(evidence, WORTH_OF_CHANGE * changes) * independent;
        double telling = excesses * independent * counted / evidence;
        return 1 / (1 + counted * (1 + telling / EXTRAPOLATION));
    }

    /**
     * The reciprocal of the mean size of clusters in which values exceed the threshold: the intervals estimator of Ferro and
     * Segers (2003, J. R. Statist. Soc. B 65, 545-556).
     */
    private double extremalIndex(double threshold) {
        double sum = 0;
        double squares = 0;
        double shortened = 0;
        double shortenedSquares = 0;
        int longest = 0;
        int n = 0;
        boolean begun = false;
        int previous = 0;
        for (int i = 0; i < size; i++) {
            if (peaks[i] > threshold) {
                if (begun) {
                    double interval = times[i] - previous;
                    longest = Math.max(longest, times[i] - previous);
                    sum += interval;
                    squares += interval * interval;
                    shortened += interval - 1;
                    shortenedSquares += (interval - 1) * (interval - 2);
                    n++;
                }
                begun = true;
                previous = times[i];
            }
        }
        if (n == 0) {
            return 1;
        }
        double index =
                longest <= 2 ? 2 * sum * sum / (n * squares) : 2 * shortened * shortened / (n * shortenedSquares);
        return Math.max(1.0 / (n + 1), Math.min(1, index));
    }

    /** Whether most of the large values came more than once: then ties count in full. */
    private static boolean mostlyTied(double[] sorted) {
        int repeated = 0;
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                repeated++;
            }
        }
        return 2 * repeated > sorted.length;
    }

    /** The median distance of neighbouring values of a discrete tail. */
    private static double granularity(double[] excesses) {
        int n = excesses.length;
        if (n < FEWEST_EXCESSES) {
            return 0;
        }
        double[] gaps = new double[n];
        int distinct = 0;
        for (int i = 1; i < n; i++) {
            if (excesses[i] > excesses[i - 1]) {
                gaps[distinct++] = excesses[i] - excesses[i - 1];
            }
        }
        double gap = distinct == 0 ? excesses[0] : median(gaps, distinct);
        return Math.min(gap, excesses[0]);
    }

    private static double median(double[] values, int n) {
        Arrays.sort(values, 0, n);
        return values[n / 2];
    }

    /**
     * The tail of excesses.
     *
     * @param independent share of them that tells something of its own
     * @param otherwise the scale if there are too few of them: that of the upper half of the body
     */
    private static GeneralizedPareto fit(double[] excesses, double granularity, double independent, double otherwise) {
        int n = excesses.length;
        if (n < FEWEST_EXCESSES) {
            return new GeneralizedPareto(Math.max(SAME, otherwise), PRIOR_SHAPE);
        }
        for (int i = 0; i < n; i++) {
            excesses[i] -= granularity / 2;
        }
        GeneralizedPareto fitted = GeneralizedPareto.fit(excesses, 0, n);
        double counted = n * independent;
        // Below -1 the density grows without bound towards the end: a few ties, no tail.
        double shape =
                Math.max(-1, (counted * fitted.shape() + PRIOR_EXCESSES * PRIOR_SHAPE) / (counted + PRIOR_EXCESSES));
        // The median of the excesses stays where it was found.
        double scale = fitted.quantile(0.5) / new GeneralizedPareto(1, shape).quantile(0.5);
        return new GeneralizedPareto(Math.max(SAME, scale), shape);
    }

    /** The distribution of what was counted, from its bins. */
    private static final class Body {

        private final AgeingSketch.Bins bins;

        /** P(X &gt; upper bound of the bin). */
        private final double[] beyond;

        /** P(X &ge; lower bound of the bin). */
        private final double[] from;

        Body(AgeingSketch.Bins bins) {
            this.bins = bins;
            int n = bins.counts().length;
            beyond = new double[n];
            from = new double[n];
            double sum = 0;
            for (int i = n - 1; i >= 0; i--) {
                beyond[i] = sum;
                sum += bins.counts()[i];
                from[i] = sum;
            }
            for (int i = 0; i < n; i++) {
                beyond[i] /= sum;
                from[i] /= sum;
            }
        }

        /** The first bin whose upper bound is at least the value; the last one for larger values. */
        int binOf(double value) {
            int i = 0;
            while (i < beyond.length - 1 && bins.upper(i) < value) {
                i++;
            }
            return i;
        }

        /** The value beyond which there is that much, linear inside of a bin. */
        double quantile(double survival) {
            int i = 0;
            while (beyond[i] > survival) {
                i++;
            }
            double share = Math.min(1, (survival - beyond[i]) / (from[i] - beyond[i]));
            return bins.upper(i) - share * (bins.upper(i) - bins.lower(i));
        }

        /**
         * Levels up to a threshold, and what is beyond each.
         *
         * @param end the bin from whose lower bound on values are remembered
         * @param large those values, ascending
         */
        double[][] points(int end, double[] large, double threshold, double rate, boolean discrete) {
            double[] levels = new double[3 * end + large.length + 4];
            double[] survivals = new double[3 * end + large.length + 4];
            levels[0] = Math.min(bins.lower(0), threshold);
            survivals[0] = 1;
            int n = 1;
            for (int i = 0; i < end; i++) {
                double reached = survivals[n - 1];
                double after = beyond[i];
                double before = from[i];
                boolean atom = before - after > ATOM || (discrete && before > STEEP * after);
                if (atom && bins.lower(i) > levels[n - 1]) {
                    levels[n] = bins.lower(i);
                    survivals[n++] = before;
                    reached = before;
                }
                if (i == end - 1 || atom || reached - after > FINE || reached > (1 + 4 * FINE) * after) {
                    if (atom || discrete) {
                        levels[n] = bins.upper(i);
                        survivals[n++] = reached;
                    }
                    levels[n] = bins.upper(i);
                    survivals[n++] = after;
                }
            }
            int above = large.length;
            while (!discrete && from[end] * (above = above * 4 / 5) > rate * large.length) {
                double value = large[large.length - 1 - above];
                if (value > levels[n - 1] && value < threshold) {
                    levels[n] = value;
                    survivals[n++] = from[end] * above / large.length;
                }
            }
            if (threshold > levels[n - 1]) {
                if (discrete) {
                    levels[n] = threshold;
                    survivals[n] = survivals[n - 1];
                    n++;
                }
                levels[n] = threshold;
                survivals[n++] = rate;
            }
            return new double[][] {Arrays.copyOf(levels, n), Arrays.copyOf(survivals, n)};
        }
    }
}

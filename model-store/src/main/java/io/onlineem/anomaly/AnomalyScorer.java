package io.onlineem.anomaly;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns the surprises of one stream, -log p(y_t | past) in nats of a model or of one key, into calibrated scores. Strictly
 * causal: a record is scored with what was known before it, then counted.
 *
 * <p>Each {@linkplain Channel channel} has a {@link Tail} of its own, learned from its own values, so that it does not matter
 * that the records of a window depend on one another. The smallest probability p of the channels is not one itself, as
 * there are several: its -ln p, after the hold-off, goes through a tail in turn. What comes out is right: on a stream that
 * does not change one record in 1/p is at least as unusual.
 *
 * <p>Hold-off: a record of -ln p above that of one in fifty is a peak. Until the peak has sunk to that level,
 * with the square of its age and within the hold-off, a record that is below it is scaled down to at most that level; one above it is news, and the next
 * peak.
 *
 * <p>Deterministic: the same surprises give the same scores, also when the state is written down and read in between.
 * Mutable; not thread-safe.
 */
public final class AnomalyScorer {

    /** Most that one record contributes to lasting surprise, and what it takes to be above; -ln p is 1 on average. */
    private static final double MOST = 3;

    private static final double ALLOWED = 1.5;

    /** -ln p of a record in fifty: what a peak is, and what a record behind one is news of at most. */
    private static final double PEAK = Math.log(50);

    private static final double LARGEST = 1e12;

    private final AnomalySettings settings;
    private final List<TailEstimator> tails = new ArrayList<>();
    private TailEstimator combination;

    private final double[] recent;
    private int newest;
    private long filled;
    private double level = Double.NaN;
    private double levelWeight;
    private double peak;
    private int sincePeak = Integer.MAX_VALUE;
    private double lasting;

    private final double[] statistics;

    /** A stream that has not begun. */
    public AnomalyScorer(AnomalySettings settings) {
        this.settings = settings;
        recent = new double[settings.longest()];
        newest = recent.length - 1;
        statistics = new double[settings.channels().size()];
        restart();
    }

    /**
     * A stream that goes on. A channel that is new begins anew, and so does what all channels say together if they are not
     * those they were.
     *
     * @param state where it has got to
     */
    public AnomalyScorer(AnomalySettings settings, State state) {
        this(settings);
        for (int i = 0; i < tails.size(); i++) {
            int found = state.channels().indexOf(settings.channels().get(i));
            if (found >= 0) {
                tails.set(i, estimator(state.tails().get(found)));
            }
        }
        if (combination != null
                && state.combination() != null
                && state.channels().equals(settings.channels())) {
            combination = estimator(state.combination());
        }
        double[] before = state.recent();
        filled = Math.min(before.length, recent.length);
        System.arraycopy(before, before.length - (int) filled, recent, recent.length - (int) filled, (int) filled);
        level = state.level();
        levelWeight = state.levelWeight();
        peak = state.peak();
        sincePeak = state.sincePeak();
        lasting = state.lasting();
    }

    /**
     * Where a stream has got to: what is kept on disk. Arrays belong to whom it is given.
     *
     * @param channels that are watched
     * @param tails of each
     * @param combination tail of the news; null if there is a single channel and no hold-off
     * @param recent surprises that channels look back on, relative to the level, oldest first
     * @param level that surprises are taken relative to
     * @param levelWeight how much it rests upon, from 0 to 1
     * @param peak -ln p of the newest peak
     * @param sincePeak records since then
     * @param lasting surprise beyond what is usual, summed up
     */
    @SuppressWarnings("ArrayRecordComponent") // a view for codecs, never compared
    public record State(
            List<Channel> channels,
            List<TailState> tails,
            TailState combination,
            double[] recent,
            double level,
            double levelWeight,
            double peak,
            int sincePeak,
            double lasting) {

        /** Copies the lists. */
        public State {
            channels = List.copyOf(channels);
            tails = List.copyOf(tails);
            if (channels.size() != tails.size()) {
                throw new IllegalArgumentException("there are " + channels.size() + " channels and " + tails.size()
                        + " tails; expected one for each");
            }
            if (sincePeak < 0 || !(lasting >= 0) || !(levelWeight >= 0)) {
                throw new IllegalArgumentException("records since the peak are " + sincePeak + ", lasting surprise "
                        + lasting + ", weight of the level " + levelWeight + "; expected at least 0");
            }
        }
    }

    /** Where the stream has got to. */
    public State state() {
        double[] surprises = new double[(int) Math.min(filled, recent.length)];
        for (int i = 0; i < surprises.length; i++) {
            surprises[i] = recent[Math.floorMod(newest + 1 + i - surprises.length, recent.length)];
        }
        return new State(
                settings.channels(),
                tails.stream().map(TailEstimator::state).toList(),
                combination == null ? null : combination.state(),
                surprises,
                level,
                levelWeight,
                peak,
                sincePeak,
                lasting);
    }

    /** How surprises become scores. */
    public AnomalySettings settings() {
        return settings;
    }

    /** Forgets the calibration: learns it anew from the records to come. */
    public void restart() {
        tails.clear();
        for (int i = 0; i < settings.channels().size(); i++) {
            tails.add(estimator());
        }
        combination = tails.size() > 1 || settings.holdOff() > 0 ? estimator() : null;
        filled = 0;
        level = Double.NaN;
        levelWeight = 0;
        sincePeak = Integer.MAX_VALUE;
        lasting = 0;
    }

    private TailEstimator estimator() {
        return new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp());
    }

    private TailEstimator estimator(TailState state) {
        return new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp(), state);
    }

    /** Scores a record and counts it. */
    public AnomalyScore score(double surprise) {
        return score(surprise, 1);
    }

    /**
     * Scores a record and counts it with a weight.
     *
     * @param surprise -log p in nats; infinities count as ±1e12; a {@code NaN} is no record: score 0, nothing is learned
     * @param weight from 0, nothing is learned from it, to 1; the windows of the channels see the record in any case
     */
    public AnomalyScore score(double surprise, double weight) {
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight is " + weight + "; expected 0 to 1");
        }
        return step(surprise, weight, true);
    }

    /** Scores a record as if it came next, and changes nothing. */
    public AnomalyScore peek(double surprise) {
        return step(surprise, 0, false);
    }

    private AnomalyScore step(double given, double weight, boolean keep) {
        if (Double.isNaN(given)) {
            return nothing(given);
        }
        double surprise = Math.max(-LARGEST, Math.min(LARGEST, given));
        double value = settings.levelHalfLife() > 0 && levelWeight > 0 ? surprise - level : surprise;
        int at = newest + 1 == recent.length ? 0 : newest + 1;
        double overwritten = recent[at];
        recent[at] = value;
        long available = filled + 1;

        int chosen = -1;
        double smallest = Double.POSITIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < statistics.length; i++) {
            Channel channel = settings.channels().get(i);
            if (available < channel.length()) {
                statistics[i] = Double.NaN;
                continue;
            }
            statistics[i] = channel.statistic(recent, at);
            double p = tails.get(i).tail().probability(statistics[i]);
            sum += Math.min(MOST, -Math.log(p));
            if (p < smallest) {
                smallest = p;
                chosen = i;
            }
        }
        if (chosen < 0) {
            AnomalyScore none = nothing(given);
            if (keep) {
                advance(surprise, at, weight);
            } else {
                recent[at] = overwritten;
            }
            return none;
        }
        double unusual = -Math.log(smallest);
        double standing = standing();
        boolean news = unusual > standing;
        double effective = news ? unusual : unusual * PEAK / standing;
        Tail tail = tails.get(chosen).tail();
        Tail combined = combination == null ? null : combination.tail();
        double probability = combined == null ? smallest : combined.probability(effective);
        double least = combined == null ? tail.smallest() : combined.smallest();
        boolean newNormal = false;
        if (keep) {
            double added = lasting + sum / statistics.length - ALLOWED;
            newNormal = settings.newNormal() > 0 && added > ALLOWED * settings.newNormal();
            lasting = Math.max(0, added);
            if (settings.holdOff() > 0) {
                if (unusual > PEAK && news) {
                    peak = unusual;
                    sincePeak = 0;
                } else if (sincePeak < Integer.MAX_VALUE) {
                    sincePeak++;
                }
            }
            learn(effective, tail.known(), weight);
            advance(surprise, at, weight);
        } else {
            recent[at] = overwritten;
        }
        AnomalyScore score = new AnomalyScore(
                AnomalyScore.scoreOf(probability),
                probability,
                AnomalyScore.scoreOf(least),
                settings.channels().get(chosen),
                given,
                statistics[chosen],
                smallest,
                tail,
                effective,
                combined,
                newNormal);
        if (newNormal) {
            restart();
        }
        return score;
    }

    private AnomalyScore nothing(double surprise) {
        return new AnomalyScore(
                0,
                1,
                0,
                settings.channels().get(0),
                surprise,
                Double.NaN,
                1,
                Tail.UNKNOWN,
                0,
                combination == null ? null : Tail.UNKNOWN,
                false);
    }

    /** -ln p that a record must exceed to be news. */
    private double standing() {
        if (sincePeak >= settings.holdOff()) {
            return -1;
        }
        double age = (double) sincePeak / settings.holdOff();
        return PEAK + (peak - PEAK) * (1 - age * age);
    }

    private void learn(double effective, boolean calibrated, double weight) {
        for (int i = 0; i < statistics.length; i++) {
            if (!Double.isNaN(statistics[i])) {
                tails.get(i).learn(statistics[i], weight);
            }
        }
        if (combination != null && calibrated) {
            combination.learn(effective, weight);
        }
    }

    private void advance(double surprise, int at, double weight) {
        newest = at;
        filled++;
        if (settings.levelHalfLife() > 0 && weight > 0) {
            double decay = Math.pow(0.5, weight / settings.levelHalfLife());
            levelWeight = levelWeight * decay + (1 - decay);
            level = Double.isNaN(level) ? surprise : level + (1 - decay) / levelWeight * (surprise - level);
        }
    }
}

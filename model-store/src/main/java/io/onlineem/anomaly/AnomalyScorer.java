package io.onlineem.anomaly;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns the surprises of one stream, -log p(y_t | past) in nats of a model or of one key, into calibrated scores. Strictly
 * causal: a record is scored with what was known before it, then counted.
 *
 * <p>With {@linkplain AnomalySettings.Tails#PARETO peaks over threshold} each {@linkplain Channel channel} has a {@link Tail} of its own, learned from its own values, so that it does not matter
 * that the records of a window depend on one another. The smallest probability p of the channels is not one itself, as
 * there are several: its -ln p, after the hold-off, goes through a tail in turn. What comes out is right: on a stream that
 * does not change one record in 1/p is at least as unusual. With {@linkplain AnomalySettings.Tails#ROBUST robust tails} the
 * tail probability is that of the channel times the number of channels, after what recurs has been taken from it.
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

    /** What a record is worth as evidence where tails are robust: how much farther they reach than what has been seen. */
    private static final double EXTRAPOLATION = 3;

    private static final GeneralizedPareto EXPONENTIAL = new GeneralizedPareto(1, 0);

    private final AnomalySettings settings;
    private final List<ChannelWatch> channels = new ArrayList<>();
    private SurpriseWindow given;
    private SurpriseWindow alone;

    /** Null where tails are robust, and where there is a single channel and no hold-off. */
    private TailEstimator combination;

    private double peak;
    private int sincePeak = Integer.MAX_VALUE;
    private double lasting;

    /** A stream that has not begun. */
    public AnomalyScorer(AnomalySettings settings) {
        this.settings = settings;
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
        List<Channel> before =
                state.channels().stream().map(ChannelState::channel).toList();
        for (int i = 0; i < channels.size(); i++) {
            int found = before.indexOf(settings.channels().get(i));
            if (found >= 0) {
                channels.set(i, new ChannelWatch(settings, state.channels().get(found)));
            }
        }
        if (combination != null && state.combination() != null && before.equals(settings.channels())) {
            combination =
                    new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp(), state.combination());
        }
        given = new SurpriseWindow(longest(false), settings.levelHalfLife(), state.given());
        alone = new SurpriseWindow(longest(true), settings.levelHalfLife(), state.alone());
        peak = state.peak();
        sincePeak = state.sincePeak();
        lasting = state.lasting();
    }

    /**
     * Where a stream has got to: what is kept on disk. Arrays belong to whom it is given.
     *
     * @param channels that are watched
     * @param combination tail of the news; null where there is none
     * @param given level of the surprises, its weight, then the surprises that channels look back on relative to it, oldest first
     * @param alone the same of records by themselves
     * @param peak -ln p of the newest peak
     * @param sincePeak records since then
     * @param lasting surprise beyond what is usual, summed up
     */
    @SuppressWarnings("ArrayRecordComponent") // a view for codecs, never compared
    public record State(
            List<ChannelState> channels,
            TailState combination,
            double[] given,
            double[] alone,
            double peak,
            int sincePeak,
            double lasting) {

        /** Copies the list. */
        public State {
            channels = List.copyOf(channels);
            if (sincePeak < 0 || !(lasting >= 0)) {
                throw new IllegalArgumentException("records since the peak are " + sincePeak + ", lasting surprise "
                        + lasting + "; expected at least 0");
            }
        }
    }

    /** Where the stream has got to. */
    public State state() {
        return new State(
                channels.stream().map(ChannelWatch::state).toList(),
                combination == null ? null : combination.state(),
                given.state(),
                alone.state(),
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
        channels.clear();
        settings.channels().forEach(channel -> channels.add(new ChannelWatch(channel, settings)));
        combination = !isRobust() && (channels.size() > 1 || settings.holdOff() > 0)
                ? new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp())
                : null;
        given = new SurpriseWindow(longest(false), settings.levelHalfLife());
        alone = new SurpriseWindow(longest(true), settings.levelHalfLife());
        sincePeak = Integer.MAX_VALUE;
        lasting = 0;
    }

    private boolean isRobust() {
        return settings.tails() == AnomalySettings.Tails.ROBUST;
    }

    /** Records that the longest channel looks back on, of those of records by themselves or of the others. */
    private int longest(boolean byThemselves) {
        return settings.channels().stream()
                .filter(channel -> !channel.isOfValues() && (channel.kind() == Channel.Kind.ALONE) == byThemselves)
                .mapToInt(Channel::length)
                .max()
                .orElse(1);
    }

    /** Scores a record of which only the surprise is watched, and counts it. */
    public AnomalyScore score(double surprise) {
        return score(Sighting.of(surprise), 1);
    }

    /**
     * Scores a record and counts it with a weight.
     *
     * @param sighting of the record. Infinite surprises count as ±1e12; without one the score is 0, and only values are looked at
     * @param weight from 0, nothing is learned from it, to 1; the windows of the channels see the record in any case
     */
    public AnomalyScore score(Sighting sighting, double weight) {
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight is " + weight + "; expected 0 to 1");
        }
        boolean judged = !Double.isNaN(sighting.surprise());
        if (judged) {
            given.add(sighting.surprise(), weight);
        }
        if (!Double.isNaN(sighting.alone())) {
            alone.add(sighting.alone(), weight);
        }
        ChannelWatch chosen = null;
        double sum = 0;
        for (ChannelWatch channel : channels) {
            if (channel.judge(sighting, given, alone, judged, weight)) {
                sum += Math.min(MOST, channel.unusual());
                chosen = chosen == null || channel.unusual() > chosen.unusual() ? channel : chosen;
            }
        }
        if (!judged || chosen == null) {
            learn(weight);
            return nothing(sighting.surprise());
        }
        return judged(sighting.surprise(), chosen, sum / channels.size(), weight);
    }

    /**
     * The score of a record.
     *
     * @param chosen the channel that finds it most unusual
     * @param mean -ln p of the channels, each at most {@link #MOST}
     */
    private AnomalyScore judged(double surprise, ChannelWatch chosen, double mean, double weight) {
        double unusual = chosen.unusual();
        double standing = standing();
        boolean news = unusual > standing;
        double effective = news ? unusual : unusual * PEAK / standing;
        Tail tail = chosen.tail();
        Tail combined = isRobust() ? ofSeveral(chosen.evidence()) : combination == null ? null : combination.tail();
        double probability = combined == null ? chosen.probability() : combined.probability(effective);
        double least = combined == null ? tail.smallest() : combined.smallest();
        double added = lasting + (isRobust() ? Math.min(MOST, unusual) : mean) - ALLOWED;
        boolean newNormal = settings.newNormal() > 0 && added > ALLOWED * settings.newNormal();
        lasting = Math.max(0, added);
        if (settings.holdOff() > 0) {
            if (unusual > PEAK && news) {
                peak = unusual;
                sincePeak = 0;
            } else if (sincePeak < Integer.MAX_VALUE) {
                sincePeak++;
            }
        }
        AnomalyScore score = new AnomalyScore(
                AnomalyScore.scoreOf(probability),
                probability,
                AnomalyScore.scoreOf(least),
                chosen.channel(),
                surprise,
                chosen.statistic(),
                chosen.probability(),
                tail,
                effective,
                combined,
                newNormal);
        if (combination != null && tail.known()) {
            combination.learn(effective, weight);
        }
        learn(weight);
        if (newNormal) {
            restart();
        }
        return score;
    }

    private void learn(double weight) {
        channels.forEach(channel -> channel.learn(weight));
    }

    /** The tail of the news where tails are robust: times the number of channels, and no less than the evidence supports. */
    private Tail ofSeveral(double evidence) {
        double least = Math.log(channels.size());
        return new Tail(
                new double[] {least}, new double[] {1}, least, 1, EXPONENTIAL, 0, 1 / (1 + EXTRAPOLATION * evidence));
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
                combination == null && !isRobust() ? null : Tail.UNKNOWN,
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
}

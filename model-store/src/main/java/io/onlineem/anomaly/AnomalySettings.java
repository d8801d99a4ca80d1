package io.onlineem.anomaly;

import java.util.HashSet;
import java.util.List;

/**
 * How the surprises of a stream become scores: plain values, checked once.
 *
 * @param halfLife records after which a record counts half in the calibration, at least 100
 * @param excesses the largest statistics that are remembered for the tail of each channel, from 50 to 10,000
 * @param warmUp records before the first score above 0, from 8 to 10,000
 * @param channels what is watched, at least one, each once
 * @param levelHalfLife half-life, in records, of the moving level that surprises are taken relative to (the drift variant of
 *     Siffer et al. 2017); 0 for none
 * @param holdOff records after a peak during which only a larger surprise is news; see
 *     {@link AnomalyScorer}; 0 for none
 * @param newNormal records of lasting surprise after which what they show is the new normal and the calibration begins anew;
 *     0 for never
 * @param tails how the tails of the statistics are learned
 * @param season whether what values owe to the time of day and of the week is taken from them first, see {@link SeasonalProfile}
 */
public record AnomalySettings(
        double halfLife,
        int excesses,
        int warmUp,
        List<Channel> channels,
        double levelHalfLife,
        int holdOff,
        int newNormal,
        Tails tails,
        boolean season) {

    /** How the tail of a statistic is learned. */
    public enum Tails {
        /** Peaks over threshold: right to the last nine, see {@link TailEstimator}. */
        PARETO,
        /**
         * An exponential tail that anomalies do not widen, less so for what happens again and again, and times the number of channels:
         * approximate, and on one scale across streams of which some have anomalies and some have none. See {@link ExcessTail} and {@link
         * Recurrence}.
         */
        ROBUST
    }

    /** Half-life 20,000 records, 400 excesses, warm-up 32, single records, no moving level, no hold-off, new normal after 250
     * records, peaks over threshold, no season. */
    public static final AnomalySettings DEFAULTS =
            new AnomalySettings(20_000, 400, 32, List.of(Channel.RECORD), 0, 0, 250, Tails.PARETO, false);

    /** Checks the values. */
    public AnomalySettings {
        channels = List.copyOf(channels);
        require("half-life", halfLife, 100, 1e12, "records");
        require("number of excesses", excesses, 50, 10_000, "");
        require("warm-up", warmUp, 8, 10_000, "records");
        require("half-life of the level", levelHalfLife, 0, 1e12, "records");
        require("hold-off", holdOff, 0, 1_000_000, "records");
        require("records of the new normal", newNormal, 0, 1e9, "records");
        if (channels.isEmpty() || new HashSet<>(channels).size() < channels.size()) {
            throw new IllegalArgumentException(
                    "channels are " + channels.stream().map(Channel::label).toList()
                            + "; expected at least one, each once, such as " + Channel.RECORD.label());
        }
    }

    private static void require(String what, double value, double least, double most, String unit) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    what + " is " + value + "; expected " + least + " to " + most + (unit.isEmpty() ? "" : " " + unit));
        }
    }

    /** The same with another half-life. */
    public AnomalySettings withHalfLife(double records) {
        return new AnomalySettings(
                records, excesses, warmUp, channels, levelHalfLife, holdOff, newNormal, tails, season);
    }

    /** The same with another memory of the tail. */
    public AnomalySettings withExcesses(int count) {
        return new AnomalySettings(halfLife, count, warmUp, channels, levelHalfLife, holdOff, newNormal, tails, season);
    }

    /** The same with another warm-up. */
    public AnomalySettings withWarmUp(int records) {
        return new AnomalySettings(
                halfLife, excesses, records, channels, levelHalfLife, holdOff, newNormal, tails, season);
    }

    /** The same with other channels. */
    public AnomalySettings withChannels(Channel... watched) {
        return new AnomalySettings(
                halfLife, excesses, warmUp, List.of(watched), levelHalfLife, holdOff, newNormal, tails, season);
    }

    /** The same relative to a moving level. */
    public AnomalySettings withLevelHalfLife(double records) {
        return new AnomalySettings(halfLife, excesses, warmUp, channels, records, holdOff, newNormal, tails, season);
    }

    /** The same with another hold-off. */
    public AnomalySettings withHoldOff(int records) {
        return new AnomalySettings(
                halfLife, excesses, warmUp, channels, levelHalfLife, records, newNormal, tails, season);
    }

    /** The same with another patience until the new normal. */
    public AnomalySettings withNewNormal(int records) {
        return new AnomalySettings(
                halfLife, excesses, warmUp, channels, levelHalfLife, holdOff, records, tails, season);
    }

    /** The same with other tails. */
    public AnomalySettings withTails(Tails learned) {
        return new AnomalySettings(
                halfLife, excesses, warmUp, channels, levelHalfLife, holdOff, newNormal, learned, season);
    }

    /** The same with or without a season. */
    public AnomalySettings withSeason(boolean taken) {
        return new AnomalySettings(
                halfLife, excesses, warmUp, channels, levelHalfLife, holdOff, newNormal, tails, taken);
    }

    /** Whether a channel looks at values. */
    public boolean watchesValues() {
        return channels.stream().anyMatch(Channel::isOfValues);
    }

    /** Whether a channel looks at records by themselves. */
    public boolean watchesRecordsAlone() {
        return channels.stream().anyMatch(channel -> channel.kind() == Channel.Kind.ALONE);
    }

    /** Records that are remembered, on average. */
    double memory() {
        return halfLife / Math.log(2);
    }
}

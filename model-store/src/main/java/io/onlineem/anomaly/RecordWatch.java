package io.onlineem.anomaly;

import io.onlineem.em.EStep;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;

/**
 * What a detector and a model have to do with one record, step by step: its season is taken from it, the model scores what is left,
 * the detector judges it, and what is unusual is explained. For one record at a time, of whatever stream. Mutable; not thread-safe.
 */
public final class RecordWatch {

    private final AnomalySettings settings;
    private final Model<?> model;

    /** What the sequence carried before the record. */
    private final double[] before;

    private final Observations seasonless = new Observations();

    /** The record as it came, and as the model sees it. */
    private Observations came;

    private Observations left;

    /** What was taken from it; null where no season is watched. */
    private double[] season;

    /**
     * A watch of records.
     *
     * @param settings what is watched
     * @param model that scores them
     */
    public RecordWatch(AnomalySettings settings, Model<?> model) {
        this.settings = settings;
        this.model = model;
        this.before = new double[model.memoryLength()];
    }

    /** Where to put what a sequence carries, before its next record is scored: explanations begin there. */
    public double[] before() {
        return before;
    }

    /**
     * Takes up the next record of a stream.
     *
     * @param time of the record, in milliseconds since the epoch
     * @param record a single one
     * @return the record as the model is to see it: without its season, or itself where none is watched
     */
    public Observations begin(Detector detector, long time, Observations record) {
        came = record;
        left = record;
        season = null;
        if (settings.season()) {
            seasonless.clear();
            season = detector.takeSeason(time, record, seasonless);
            left = seasonless;
        }
        return left;
    }

    /** What was taken from each number of the record; null where no season is watched. */
    public double[] season() {
        return season;
    }

    /**
     * Judges the record; afterwards what the model saw of it weighs as much as is to be learned of it.
     *
     * @param scoring scored it; null during the warm-up
     * @param posterior of it; null during the warm-up, in which only values are watched
     * @param maintained whether it is of a maintenance
     * @return null during the warm-up
     */
    public Detector.Finding judge(
            Detector detector, EStep scoring, Posterior posterior, long time, boolean maintained) {
        if (posterior == null && !settings.watchesValues()) {
            return null;
        }
        Sighting sighting = Sighting.of(settings, scoring, posterior, before.length, came, left);
        Detector.Finding finding = detector.observe(sighting, time, maintained);
        if (posterior == null) {
            return null;
        }
        left.weigh(0, finding.weight());
        return finding;
    }

    /** Why the record was unusual, if it is {@linkplain Detector.Finding#isNews news}, otherwise null; in the numbers that came. */
    public Explanation explain(Detector.Finding finding, EStep scoring) {
        return finding.isNews()
                ? Explanation.of(model, scoring, left, 0, before).withSeason(season)
                : null;
    }
}

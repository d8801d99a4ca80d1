package io.onlineem.anomaly;

import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;

/**
 * What those who watch a stream see of one record.
 *
 * @param surprise {@code -log p(y_t | past)} in nats; {@code NaN} if there is nothing to be surprised at
 * @param alone {@code -log p(y_t)} of the record by itself, without what its sequence carried; {@code NaN} where it is not watched
 * @param came holds the one record as it came; null where values are not watched
 * @param left holds it as the model saw it, without its season; null where values are not watched
 */
public record Sighting(double surprise, double alone, Observations came, Observations left) {

    /** A surprise, and nothing else that is watched. */
    public static Sighting of(double surprise) {
        return new Sighting(surprise, Double.NaN, null, null);
    }

    /**
     * A record, and what the model says of it. A record of which everything is missing surprises nobody.
     *
     * @param settings what is watched
     * @param eStep by which it was scored; null during the warm-up
     * @param posterior of the record; null during the warm-up
     * @param memoryLength of the model
     * @param came holds the record
     * @param left holds it as the model saw it
     */
    public static Sighting of(
            AnomalySettings settings,
            EStep eStep,
            Posterior posterior,
            int memoryLength,
            Observations came,
            Observations left) {
        double surprise = Double.NaN;
        double alone = Double.NaN;
        if (posterior != null && !isMissing(left)) {
            surprise = -posterior.logLikelihood();
            if (settings.watchesRecordsAlone()) {
                alone = memoryLength == 0
                        ? surprise
                        : -eStep.score(left, 0, new double[memoryLength]).logLikelihood();
            }
        }
        return settings.watchesValues()
                ? new Sighting(surprise, alone, came, left)
                : new Sighting(surprise, alone, null, null);
    }

    private static boolean isMissing(Observations record) {
        int width = record.length(0);
        for (int j = 0; j < width; j++) {
            if (!Double.isNaN(record.value(0, j))) {
                return false;
            }
        }
        return width > 0;
    }
}

package io.onlineem.demo;

import io.onlineem.em.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A component of the learned mixture: one kind of day.
 *
 * @param name what to call it, after its mean speed beside that of the others
 * @param weight its weight
 * @param means its mean at every station, in knots
 * @param spread root mean square over the stations of its standard deviations, in knots
 */
record WindKind(String name, double weight, double[] means, double spread) {

    private static final String[][] NAMES = {
        {"all"}, {"calm", "windy"}, {"calm", "breezy", "windy"}, {"calm", "light", "breezy", "windy"}
    };

    /** The components, from the calmest to the windiest. */
    static List<WindKind> of(Fields parameters, int components, int stations) {
        double[] weights = parameters.vector("weights", components);
        double[][] means = parameters.matrix("means", components, stations);
        double[][][] covariances = parameters.matrices("covariances", components, stations, stations);
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < components; k++) {
            order.add(k);
        }
        order.sort(Comparator.comparingDouble(k -> mean(means[k])));
        List<WindKind> kinds = new ArrayList<>();
        for (int rank = 0; rank < components; rank++) {
            int k = order.get(rank);
            String name = components <= NAMES.length ? NAMES[components - 1][rank] : Integer.toString(rank + 1);
            kinds.add(new WindKind(name, weights[k], means[k], spread(covariances[k])));
        }
        return kinds;
    }

    /** Mean over the stations, in knots. */
    double mean() {
        return mean(means);
    }

    private static double spread(double[][] covariance) {
        double trace = 0;
        for (int i = 0; i < covariance.length; i++) {
            trace += covariance[i][i];
        }
        return Math.sqrt(trace / covariance.length);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}

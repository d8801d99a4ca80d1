package io.onlineem.em;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Seeded k-means++ with Lloyd's iterations, the usual start of a mixture (Arthur and Vassilvitskii 2007). Works on
 * features that the caller has brought to comparable scales. Stateless.
 */
public final class KMeans {

    private KMeans() {}

    /**
     * Assigns points to k clusters.
     *
     * @param points n points of equal dimension, finite
     * @param k number of clusters, at least 1; clusters stay empty where there are fewer distinct points
     * @param lloydIterations most iterations after the seeding; 0 for the seeding alone
     * @return the cluster of each point, 0 to k - 1
     */
    public static int[] assign(double[][] points, int k, int lloydIterations, RandomGenerator random) {
        double[][] centres = seed(points, k, random);
        int[] assignment = new int[points.length];
        nearest(points, centres, assignment);
        for (int iteration = 0; iteration < lloydIterations; iteration++) {
            moveToMeans(points, assignment, centres);
            if (!nearest(points, centres, assignment)) {
                break;
            }
        }
        return assignment;
    }

    /** k-means++: each next centre is a point drawn with probability proportional to its squared distance. */
    private static double[][] seed(double[][] points, int k, RandomGenerator random) {
        double[][] centres = new double[k][];
        double[] distances = new double[points.length];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        int chosen = random.nextInt(points.length);
        for (int c = 0; c < k; c++) {
            centres[c] = points[chosen].clone();
            double total = 0;
            for (int i = 0; i < points.length; i++) {
                distances[i] = Math.min(distances[i], squaredDistance(points[i], centres[c]));
                total += distances[i];
            }
            double target = random.nextDouble() * total;
            chosen = 0;
            while (chosen < points.length - 1 && (target -= distances[chosen]) >= 0) {
                chosen++;
            }
        }
        return centres;
    }

    private static boolean nearest(double[][] points, double[][] centres, int[] assignment) {
        boolean changed = false;
        for (int i = 0; i < points.length; i++) {
            int best = 0;
            double bestDistance = Double.POSITIVE_INFINITY;
            for (int c = 0; c < centres.length; c++) {
                double distance = squaredDistance(points[i], centres[c]);
                if (distance < bestDistance) {
                    bestDistance = distance;
                    best = c;
                }
            }
            changed |= assignment[i] != best;
            assignment[i] = best;
        }
        return changed;
    }

    private static void moveToMeans(double[][] points, int[] assignment, double[][] centres) {
        int[] counts = new int[centres.length];
        for (int cluster : assignment) {
            counts[cluster]++;
        }
        for (int c = 0; c < centres.length; c++) {
            if (counts[c] > 0) {
                Arrays.fill(centres[c], 0);
            }
        }
        for (int i = 0; i < points.length; i++) {
            double[] centre = centres[assignment[i]];
            for (int j = 0; j < centre.length; j++) {
                centre[j] += points[i][j] / counts[assignment[i]];
            }
        }
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            double difference = a[j] - b[j];
            sum += difference * difference;
        }
        return sum;
    }
}

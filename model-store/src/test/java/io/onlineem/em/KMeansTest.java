package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KMeansTest {

    private static double[][] separated(SplittableRandom random) {
        double[][] points = new double[300][2];
        for (int i = 0; i < points.length; i++) {
            points[i][0] = 20 * (i % 3) + random.nextGaussian();
            points[i][1] = 10 * (i % 3 == 1 ? 1 : 0) + random.nextGaussian();
        }
        return points;
    }

    @Test
    void separatedClustersAreFound() {
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] assignment = KMeans.assign(separated(random), 3, 20, random);

            assertThat(Arrays.stream(assignment, 0, 3).distinct().count()).isEqualTo(3);
            for (int i = 3; i < assignment.length; i++) {
                assertThat(assignment[i]).isEqualTo(assignment[i % 3]);
            }
        }
    }

    @Test
    void iterationsDoNotRaiseTheSquaredDistances() {
        SplittableRandom random = new SplittableRandom(3);
        double[][] points = new double[200][];
        Arrays.setAll(points, i -> new double[] {random.nextDouble(), random.nextDouble()});
        double before = Double.POSITIVE_INFINITY;
        for (int iterations = 0; iterations < 10; iterations++) {
            double now = squaredDistances(points, KMeans.assign(points, 5, iterations, new SplittableRandom(8)), 5);
            assertThat(now).isLessThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void fewerDistinctPointsThanClustersLeaveClustersEmpty() {
        double[][] points = {{1, 1}, {1, 1}, {2, 2}, {1, 1}};
        int[] assignment = KMeans.assign(points, 4, 20, new SplittableRandom(1));

        assertThat(assignment).containsOnly(assignment[0], assignment[2]);
        assertThat(assignment[0]).isNotEqualTo(assignment[2]);
        assertThat(Arrays.stream(assignment)).allMatch(cluster -> cluster >= 0 && cluster < 4);
    }

    @Test
    void oneClusterTakesAll() {
        assertThat(KMeans.assign(new double[][] {{1}, {5}, {9}}, 1, 20, new SplittableRandom(1)))
                .containsOnly(0);
    }

    @Test
    void theSameSeedGivesTheSameClusters() {
        double[][] points = separated(new SplittableRandom(4));
        assertThat(KMeans.assign(points, 7, 20, new SplittableRandom(9)))
                .isEqualTo(KMeans.assign(points, 7, 20, new SplittableRandom(9)))
                .isNotEqualTo(KMeans.assign(points, 7, 20, new SplittableRandom(10)));
    }

    private static double squaredDistances(double[][] points, int[] assignment, int clusters) {
        double[][] centres = new double[clusters][2];
        int[] counts = new int[clusters];
        for (int i = 0; i < points.length; i++) {
            counts[assignment[i]]++;
            centres[assignment[i]][0] += points[i][0];
            centres[assignment[i]][1] += points[i][1];
        }
        double sum = 0;
        for (int i = 0; i < points.length; i++) {
            double[] centre = centres[assignment[i]];
            int count = counts[assignment[i]];
            sum += Math.pow(points[i][0] - centre[0] / count, 2) + Math.pow(points[i][1] - centre[1] / count, 2);
        }
        return sum;
    }
}

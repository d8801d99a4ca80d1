package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Clusters of records in which every record has a small share in all clusters: what random starts of mixtures and hidden
 * Markov models are made from. Compact clusters that share some of their records lead to the maximum that other software
 * finds too; random seeds more often to spurious ones on a few records. Immutable.
 */
public final class SoftClusters {

    private static final int LLOYD_ITERATIONS = 20;

    /** Share of a record that goes to its own cluster; the rest keeps every covariance away from zero. */
    private static final double OWN_CLUSTER = 0.9;

    private final int[] clusters;
    private final int count;

    /**
     * Given clusters.
     *
     * @param clusters the cluster of each record, 0 to {@code count - 1}; not copied
     */
    public SoftClusters(int[] clusters, int count) {
        this.clusters = clusters;
        this.count = count;
    }

    /** A random {@linkplain Family#partition partition} by the family, three times in four refined by Lloyd's iterations. */
    public static <P extends FamilyParameters> SoftClusters draw(
            Family<P> family, Observations sample, P pooled, int count, RandomGenerator random) {
        int iterations = random.nextInt(4) == 0 ? 0 : LLOYD_ITERATIONS;
        return new SoftClusters(family.partition(sample, pooled, count, iterations, random), count);
    }

    /** Number of clusters. */
    public int count() {
        return count;
    }

    /** Sets the shares of record {@code index} in the clusters, times {@code weight}. */
    public void shares(int index, double weight, double[] into) {
        double rest = (1 - OWN_CLUSTER) / count;
        Arrays.fill(into, rest * weight);
        into[clusters[index]] = (rest + OWN_CLUSTER) * weight;
    }
}

package io.onlineem.anomaly;

/**
 * Online control of the false discovery rate: LORD++ with decaying memory (Ramdas, Yang, Wainwright and Jordan 2017, "Online
 * control of the false discovery rate with decaying memory"), its sequence floored so that power does not die on endless
 * streams (Rebjock, Kurt, Januschowski and Callot 2021, "Online false discovery rate control for anomaly detection in time
 * series"). Test number t, from 1, of a record that may begin an incident, is a discovery if its tail probability is at most
 *
 * <pre>  a_t = q max(g_t, 1 - d) + q sum_j d^(t - t_j) g_(t - t_j),    g_k = (1 - r) r^(k - 1),</pre>
 *
 * with the rate q, the decay d of the memory per test, and t_j the tests before t that were discoveries. Any sequence g that
 * does not increase and sums to at most 1 will do; the geometric one, with a tenth of the half-life of the memory, makes the sum
 * recursive. What is spent never exceeds what was earned: at every T
 *
 * <pre>  sum_(t &lt;= T) d^(T - t) a_t  &lt;=  q (1 + R_T),    R_T = sum_j d^(T - t_j),</pre>
 *
 * so that the decayed number of false discoveries is in the mean at most q times one more than that of all, if the tail
 * probabilities of usual records are right, given the records before. Where nothing is ever found, one test in 1 / (q (1 - d)) is
 * a discovery. Mutable; not thread-safe.
 */
final class FalseDiscoveries {

    /** Half-life of the memory in terms of that of the sequence. */
    private static final double SHORTER = 10;

    private final double rate;
    private final double forgotten;
    private final double decay;
    private final double sequenceDecay;
    private long tests;

    /** Sum over the discoveries of {@code (d r)^(t - t_j)}, for the next test t. */
    private double earned;

    /**
     * Tests of a stream.
     *
     * @param rate share of discoveries that may be false, above 0 and below 1
     * @param halfLife tests after which a discovery counts half, above 0
     * @param state where they have got to
     */
    FalseDiscoveries(double rate, double halfLife, Detector.Tests state) {
        this.rate = rate;
        forgotten = -Math.expm1(Math.log(0.5) / halfLife);
        decay = 1 - forgotten;
        sequenceDecay = Math.pow(0.5, SHORTER / halfLife);
        tests = state.number();
        earned = state.earned();
    }

    Detector.Tests state() {
        return new Detector.Tests(tests, earned);
    }

    /** The tail probability up to which the next test is a discovery. */
    double level() {
        double first = 1 - sequenceDecay;
        double own = Math.max(first * Math.pow(sequenceDecay, (double) tests), forgotten);
        return rate * (own + first / sequenceDecay * earned);
    }

    /** Counts a test. */
    void tested(boolean discovery) {
        tests++;
        earned = decay * sequenceDecay * (earned + (discovery ? 1 : 0));
    }
}

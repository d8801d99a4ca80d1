package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalseDiscoveriesTest {

    private static final double RATE = 0.1;
    private static final double HALF_LIFE = 1000;

    /** Rounding of a recursion over 20,000 steps. */
    private static final double ROUNDING = 1e-11;

    private static FalseDiscoveries start() {
        return new FalseDiscoveries(RATE, HALF_LIFE, Detector.Tests.NONE);
    }

    /** The sums of the definition, by numpy 2.4.6, for discoveries at tests 3, 10, 11 and 500. */
    @ParameterizedTest
    @CsvSource({
        "1, 0.0006907504562964073",
        "2, 0.0006859790943676704",
        "4, 0.0013668068479275241",
        "11, 0.001989161103655047",
        "12, 0.002664767500668516",
        "100, 0.0013828465086247318",
        "501, 0.0008082173652135679",
        "2000, 6.929873469414965e-05",
        "20000, 6.929070095474943e-05"
    })
    void levelsAreThoseOfTheDefinition(int test, double expected) {
        FalseDiscoveries tests = start();
        for (int t = 1; t < test; t++) {
            tests.tested(t == 3 || t == 10 || t == 11 || t == 500);
        }
        assertThat(tests.level()).isCloseTo(expected, within(ROUNDING * expected));
    }

    /** Whatever is discovered: rarely, often, in bursts, always. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.05, 0.5, 1})
    void whatIsSpentNeverExceedsWhatWasEarned(double frequency) {
        SplittableRandom random = new SplittableRandom(4);
        FalseDiscoveries tests = start();
        double decay = Math.pow(0.5, 1 / HALF_LIFE);
        double spent = 0;
        double discoveries = 0;
        for (int t = 1; t <= 20_000; t++) {
            boolean discovery = random.nextDouble() < frequency && t / 500 % 3 != 1;
            spent = decay * spent + tests.level();
            tests.tested(discovery);
            discoveries = decay * discoveries + (discovery ? 1 : 0);
            assertThat(spent).isLessThanOrEqualTo(RATE * (1 + discoveries) * (1 + ROUNDING));
        }
        assertThat(spent).isGreaterThan(0.85 * RATE * (1 + discoveries));
    }

    @Test
    void powerDoesNotDieWhereNothingIsFoundForAMillionRecords() {
        FalseDiscoveries tests = start();
        for (int t = 0; t < 1_000_000; t++) {
            tests.tested(false);
        }
        assertThat(tests.level()).isCloseTo(RATE * (1 - Math.pow(0.5, 1 / HALF_LIFE)), within(1e-15));
    }

    @Test
    void testsGoOnFromTheirState() {
        FalseDiscoveries tests = start();
        for (int t = 0; t < 100; t++) {
            tests.tested(t % 7 == 0);
        }
        FalseDiscoveries other = new FalseDiscoveries(RATE, HALF_LIFE, tests.state());
        assertThat(other.level()).isEqualTo(tests.level());
        other.tested(true);
        tests.tested(true);
        assertThat(other.state()).isEqualTo(tests.state());
        assertThatThrownBy(() -> new Detector.Tests(3, 4)).hasMessageContaining("3 tests, which have earned 4.0");
    }

    /** What a threshold has found on streams of which it is known what was unusual. */
    private static final class Count {
        private int incidents;
        private int falseOnes;
        private int anomalies;
        private int found;

        /** Share of the incidents that were false. */
        double falseShare() {
            return (double) falseOnes / incidents;
        }

        double power() {
            return (double) found / anomalies;
        }

        /** Three standard errors of a share of the incidents. */
        double error(double share) {
            return 3 * Math.sqrt(share * (1 - share) / incidents);
        }
    }

    private static final int STREAMS = 30;
    private static final int RECORDS = 40_000;
    private static final int LASTING = 5;

    private static Detection detection(Threshold threshold) {
        return Detection.DEFAULTS
                .withCalibration(AnomalySettings.DEFAULTS.withChannels(Channel.RECORD))
                .withThreshold(threshold);
    }

    private static AnomalyScore score(double probability) {
        return new AnomalyScore(
                AnomalyScore.scoreOf(probability),
                probability,
                1,
                Channel.RECORD,
                -Math.log(probability),
                -Math.log(probability),
                probability,
                Tail.UNKNOWN,
                -Math.log(probability),
                null,
                false);
    }

    /**
     * Streams of uniform tail probabilities, with anomalies of five records whose numbers of nines are uniform from 1 to 7.
     *
     * @param every mean number of records between two anomalies
     */
    private static Count count(Threshold threshold, double every) {
        Count count = new Count();
        for (int stream = 0; stream < STREAMS; stream++) {
            SplittableRandom random = new SplittableRandom(100 + stream);
            Incidents incidents = new Incidents(detection(threshold), "s", Incidents.START);
            int left = 0;
            boolean found = false;
            for (int i = 0; i < RECORDS; i++) {
                if (left == 0 && random.nextDouble() < 1 / every) {
                    left = LASTING;
                    found = false;
                    count.anomalies++;
                }
                double probability = left > 0 ? Math.pow(10, -1 - 6 * random.nextDouble()) : 1 - random.nextDouble();
                for (Incident incident : incidents.observe(score(probability), 1000L * i)) {
                    if (incident.status() == Incident.Status.OPENED) {
                        count.incidents++;
                        count.falseOnes += left > 0 ? 0 : 1;
                        count.found += left > 0 && !found ? 1 : 0;
                        found |= left > 0;
                    }
                }
                left = Math.max(0, left - 1);
            }
        }
        return count;
    }

    /** In the mean one more than there are incidents may be false: with hundreds of them that is no difference. */
    @ParameterizedTest
    @ValueSource(doubles = {400, 1000, 4000})
    void theShareOfFalseIncidentsIsAtMostWhatWasStatedHoweverRareAnomaliesAre(double every) {
        Count count = count(Threshold.falseDiscoveries(RATE), every);

        assertThat(count.incidents).isGreaterThan(200);
        assertThat(count.falseShare()).isPositive().isLessThan(RATE + count.error(RATE));
        // that no incident of any stream is false, in the mean in one of ten collections of streams
        Count bonferroni = count(Threshold.tailProbability(RATE / RECORDS), every);
        assertThat(count.power()).isGreaterThan(bonferroni.power() + 0.03);
    }

    @Test
    void aThresholdThatSuitsFrequentAnomaliesIsMostlyFalseWhereTheyAreRare() {
        Threshold fixed = Threshold.tailProbability(1e-4);
        assertThat(count(fixed, 1000).falseShare()).isLessThan(RATE);
        assertThat(count(fixed, 10_000).falseShare()).isGreaterThan(3 * RATE);
        assertThat(count(Threshold.falseDiscoveries(RATE), 10_000).falseShare()).isLessThan(2 * RATE);
    }

    /** The tail probabilities are those that detectors learn from exponential surprises; their first records do not count. */
    @Test
    void theShareHoldsWithTheCalibrationOfTheStream() {
        Count count = new Count();
        for (int stream = 0; stream < STREAMS; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            Detector detector = new Detector(
                    detection(Threshold.falseDiscoveries(RATE)).withLearning(Detection.LearningFrom.SKIP), "s");
            int left = 0;
            for (int i = 0; i < RECORDS; i++) {
                boolean begins = left == 0 && random.nextDouble() < 1e-4;
                left = begins ? LASTING : Math.max(0, left - 1);
                count.anomalies += begins && i > 5000 ? 1 : 0;
                double surprise = left > 0 ? 15 + 12 * random.nextDouble() : random.nextExponential();
                for (Incident incident : detector.observe(surprise, 1000L * i).events()) {
                    if (i > 5000 && incident.status() == Incident.Status.OPENED) {
                        count.incidents++;
                        count.falseOnes += left > 0 ? 0 : 1;
                    }
                }
            }
        }
        assertThat(count.incidents).isGreaterThan(count.anomalies / 4);
        assertThat(count.falseShare()).isLessThan(RATE + count.error(RATE));
    }

    @Test
    void recordsOfAnIncidentAreNoTests() {
        Incidents incidents = new Incidents(detection(Threshold.falseDiscoveries(RATE)), "s", Incidents.START);
        for (int i = 0; i < 100; i++) {
            incidents.observe(score(0.5), i);
        }
        incidents.observe(score(1e-9), 100);
        Detector.Tests begun = incidents.state().tests();
        for (int i = 0; i < 10; i++) {
            incidents.observe(score(1e-9), 101 + i);
        }
        assertThat(begun.number()).isEqualTo(101);
        assertThat(incidents.state().tests()).isEqualTo(begun);
        assertThat(incidents.state().number()).isEqualTo(1);
    }

    @Test
    void recordsOfAMaintenanceAndThoseBeforeThereIsACalibrationAreNoTests() {
        Incidents incidents = new Incidents(detection(Threshold.falseDiscoveries(RATE)), "s", Incidents.START);
        incidents.observe(score(1e-9), 0, true);
        AnomalyScore nothing = new AnomalyScore(0, 1, 0, Channel.RECORD, 1, 1, 1, Tail.UNKNOWN, 0, null, false);
        incidents.observe(nothing, 1);
        assertThat(incidents.state().tests()).isEqualTo(Detector.Tests.NONE);
    }

    @Test
    void theThresholdOfFalseDiscoveriesIsNoTailProbability() {
        assertThatThrownBy(() -> Threshold.falseDiscoveries(0.1).probability(1000, 1))
                .hasMessageContaining("0.1 is no tail probability");
        assertThatThrownBy(() -> Threshold.falseDiscoveries(1))
                .hasMessageContaining("threshold is 1.0 by false discoveries");
    }
}

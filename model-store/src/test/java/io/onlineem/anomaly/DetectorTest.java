package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.anomaly.Detection.LearningFrom;
import io.onlineem.anomaly.Incident.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DetectorTest {

    private static final int MINUTE = 60_000;

    /** A stream of exponential surprises, a record a minute. */
    private static final class Stream {
        private final SplittableRandom random = new SplittableRandom(11);
        private final Detector detector;
        private final List<Incident> events = new ArrayList<>();
        private final List<Detector.Finding> findings = new ArrayList<>();
        private long time;
        private boolean maintained;

        Stream(Detection detection) {
            detector = new Detector(detection, "pump");
        }

        Stream usual(int records) {
            for (int i = 0; i < records; i++) {
                take(random.nextExponential());
            }
            return this;
        }

        Stream take(double... surprises) {
            for (double surprise : surprises) {
                Detector.Finding finding = detector.observe(Sighting.of(surprise), time, maintained);
                findings.add(finding);
                events.addAll(finding.events());
                time += MINUTE;
            }
            return this;
        }

        Detector.Finding last() {
            return findings.get(findings.size() - 1);
        }
    }

    /** Records alone, so that what a channel of many sees does not matter. */
    private static Detection records() {
        return Detection.DEFAULTS
                .withCalibration(AnomalySettings.DEFAULTS.withChannels(Channel.RECORD))
                .withThreshold(Threshold.tailProbability(1e-4));
    }

    @Test
    void anIncidentIsOpenedByItsFirstAlarmGoesOnWithThoseAfterItAndIsClosedWhenItIsQuiet() {
        Stream stream = new Stream(records()).usual(5000);
        stream.events.clear();
        long start = stream.time;
        stream.take(14).usual(5).take(13).usual(100);

        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.OPENED, Status.CLOSED);
        Incident closed = stream.events.get(1);
        assertThat(closed.id()).isEqualTo(stream.events.get(0).id()).startsWith("pump#");
        assertThat(closed.start()).isEqualTo(start);
        assertThat(closed.end()).isEqualTo(start + 6 * MINUTE);
        assertThat(closed.peakTime()).isEqualTo(start);
        assertThat(closed.alarms()).isEqualTo(2);
        assertThat(closed.records()).isBetween(36L, 38L);
        assertThat(closed.threshold()).isEqualTo(1e-4);
    }

    @Test
    void aWorseRecordUpdatesTheIncident() {
        Stream stream = new Stream(records()).usual(20_000);
        stream.events.clear();
        stream.take(12, 12.5, 40);

        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.OPENED, Status.UPDATED);
        assertThat(stream.events.get(1).peakProbability())
                .isLessThan(0.11 * stream.events.get(0).peakProbability());
        assertThat(stream.last().isNews()).isTrue();
    }

    @Test
    void aPeakIsRememberedAfterItsIncidentAndNoLesserOneIsAnAlarmSoonAfter() {
        Stream stream = new Stream(records()).usual(20_000);
        stream.events.clear();
        stream.take(30).usual(32);
        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.OPENED, Status.CLOSED);
        stream.take(10.5);
        assertThat(stream.events).hasSize(2);
        stream.usual(200).take(12);

        assertThat(stream.events)
                .extracting(Incident::status)
                .containsExactly(Status.OPENED, Status.CLOSED, Status.OPENED);
    }

    @Test
    void anIncidentEndsWhereNoRecordComes() {
        Stream stream = new Stream(records()).usual(5000);
        stream.take(20);
        assertThat(stream.detector.hasIncident()).isTrue();

        assertThat(stream.detector.expired(stream.time + MINUTE)).isEmpty();
        assertThat(stream.detector.expired(stream.time + Duration.ofHours(1).toMillis()))
                .extracting(Incident::status)
                .containsExactly(Status.CLOSED);
        assertThat(stream.detector.hasIncident()).isFalse();
    }

    @Test
    void falseAlarmsAreAsManyAsWereAskedFor() {
        Threshold daily = Threshold.falseAlarms(1, Duration.ofDays(1));
        assertThat(daily.probability(MINUTE, 1)).isCloseTo(1 / 1440.0, within(1e-12));
        assertThat(daily.probability(MINUTE, 10)).isCloseTo(1 / 14_400.0, within(1e-12));
        Stream stream = new Stream(records().withThreshold(daily).withQuiet(1, Duration.ZERO)).usual(100_000);

        long opened = stream.events.stream()
                .filter(each -> each.status() == Status.OPENED)
                .count();
        // 69 are expected, less those that fall into the hold-off of another
        assertThat(opened).isBetween(40L, 95L);
    }

    @Test
    void whatIsLearnedIsAChoice() {
        for (LearningFrom learning : LearningFrom.values()) {
            Stream stream = new Stream(records().withLearning(learning)).usual(5000);
            double usual = stream.last().weight();
            stream.take(25);
            double anomalous = stream.last().weight();
            stream.take(0.5);
            double inIncident = stream.last().weight();

            switch (learning) {
                case LEARN -> assertThat(List.of(usual, anomalous, inIncident)).containsOnly(1.0);
                case DOWN_WEIGHT -> {
                    assertThat(anomalous)
                            .isCloseTo(100 * stream.findings.get(5000).score().tailProbability(), within(1e-15));
                    assertThat(inIncident).isEqualTo(1);
                }
                case SKIP -> {
                    assertThat(usual).isEqualTo(1);
                    assertThat(anomalous).isZero();
                    assertThat(inIncident).isZero();
                }
            }
        }
    }

    @Test
    void whatLastsBecomesTheNewNormalAndEndsTheIncident() {
        Stream stream = new Stream(Detection.DEFAULTS
                        .withThreshold(Threshold.tailProbability(1e-3))
                        .withLearning(LearningFrom.SKIP))
                .usual(5000);
        stream.events.clear();
        for (int i = 0; i < 2000 && !stream.last().score().newNormal(); i++) {
            stream.take(20 + stream.random.nextExponential());
        }

        assertThat(stream.events.get(0).status()).isEqualTo(Status.OPENED);
        assertThat(stream.events.get(stream.events.size() - 1).status()).isEqualTo(Status.NEW_NORMAL);
        assertThat(stream.last().weight()).isEqualTo(1);
    }

    private static Stream maintained(Stream stream, boolean maintained) {
        stream.maintained = maintained;
        return stream;
    }

    @Test
    void nothingIsAnAlarmDuringMaintenanceAndAfterItEverythingIs() {
        Stream stream = new Stream(records()).usual(20_000);
        stream.events.clear();
        maintained(stream, true).take(25).usual(20).take(40);
        assertThat(stream.last().incident()).isNull();
        assertThat(stream.last().score().score()).isGreaterThan(0.8);
        stream.usual(50);
        assertThat(stream.events).isEmpty();
        maintained(stream, false).take(14);

        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.OPENED);
    }

    @Test
    void anIncidentIsClosedWhenAMaintenanceBeginsAndOpensAnewIfItOutlastsIt() {
        Stream stream = new Stream(records()).usual(20_000).take(25, 12);
        String before = stream.last().incident();
        stream.events.clear();
        maintained(stream, true).take(1);
        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.CLOSED);
        assertThat(stream.events.get(0).id()).isEqualTo(before);
        stream.take(25, 60, 12);
        assertThat(stream.events).hasSize(1);
        assertThat(stream.detector.hasIncident()).isTrue();
        maintained(stream, false).take(1).take(14);

        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.CLOSED, Status.OPENED);
        assertThat(numberOf(stream.events.get(1))).isEqualTo(numberOf(stream.events.get(0)) + 1);
    }

    @Test
    void whatIsLearnedDuringMaintenanceIsWhatWouldBeLearnedWithoutIt() {
        for (LearningFrom learning : LearningFrom.values()) {
            Detection detection = records().withLearning(learning);
            Stream watched = new Stream(detection)
                    .usual(5000)
                    .take(25)
                    .usual(10)
                    .take(30, 31)
                    .usual(100);
            Stream maintained = maintained(new Stream(detection).usual(5000), true)
                    .take(25)
                    .usual(10)
                    .take(30, 31)
                    .usual(100);

            assertThat(maintained.findings)
                    .extracting(Detector.Finding::weight)
                    .isEqualTo(watched.findings.stream()
                            .map(Detector.Finding::weight)
                            .toList());
            assertThat(maintained.last().score().tailProbability())
                    .isEqualTo(watched.last().score().tailProbability());
        }
    }

    @Test
    void nobodyIsToldThatAnIncidentOfAMaintenanceIsOver() {
        Stream stream = maintained(new Stream(records()).usual(5000), true);
        stream.events.clear();
        stream.take(25);

        assertThat(stream.detector.expired(stream.time + Duration.ofHours(1).toMillis()))
                .isEmpty();
        assertThat(stream.detector.hasIncident()).isFalse();
    }

    private static long numberOf(Incident incident) {
        return Long.parseLong(incident.id().substring(incident.id().indexOf('#') + 1));
    }

    @Test
    void whatWasFineIsNoAlarmForAWhile() {
        Stream stream = new Stream(records()).usual(20_000);
        assertThat(new Detector(records(), "new").fine(1)).isFalse();
        stream.take(14).usual(400);
        Incident incident = stream.events.get(stream.events.size() - 1);
        stream.events.clear();
        assertThat(stream.detector.fine(numberOf(incident))).isTrue();
        stream.take(14).usual(400);
        assertThat(stream.events).isEmpty();
        stream.take(60);

        assertThat(stream.events).extracting(Incident::status).containsExactly(Status.OPENED);
    }

    @Test
    void anyOfTheNewestIncidentsMayHaveBeenFine() {
        Stream stream = new Stream(records()).usual(20_000);
        stream.events.clear();
        stream.take(20).usual(400).take(12).usual(400).take(11);
        assertThat(stream.events)
                .filteredOn(each -> each.status() == Status.OPENED)
                .hasSize(3);
        long first = numberOf(stream.events.get(0));
        assertThat(stream.detector.fine(first + 3)).isFalse();
        assertThat(stream.detector.fine(first - Incidents.PEAKS)).isFalse();
        assertThat(stream.detector.fine(first + 2)).as("the open one").isTrue();
        double afterOpen = stream.detector.state().shift();
        assertThat(stream.detector.fine(first + 1)).isTrue();
        double afterSecond = stream.detector.state().shift();
        assertThat(stream.detector.fine(first)).isTrue();

        assertThat(afterOpen).isPositive();
        assertThat(afterSecond).isGreaterThan(afterOpen);
        assertThat(stream.detector.state().shift()).isGreaterThan(afterSecond + 1);
        stream.usual(400);
        stream.events.clear();
        stream.take(20);
        assertThat(stream.events).isEmpty();
    }

    @Test
    void thresholdsAreReadAndRefused() {
        assertThat(Threshold.parseFalseAlarms("2.5 per month"))
                .isEqualTo(Threshold.falseAlarms(2.5, Duration.ofDays(30)));
        assertThat(Threshold.score(0.5).probability(Double.NaN, 1)).isCloseTo(0.01, within(1e-12));
        assertThat(Threshold.DEFAULT.probability(Double.NaN, 1)).isZero();
        assertThatThrownBy(() -> Threshold.parseFalseAlarms("often"))
                .hasMessage(
                        "false alarms are 'often'; expected a number per hour, day, week or month, such as 1 per week");
        assertThatThrownBy(() -> Threshold.tailProbability(0))
                .hasMessage("threshold is 0.0 by tail probability; expected a number above 0 and below 1");
    }
}

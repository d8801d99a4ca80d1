package io.onlineem.codec;

import io.onlineem.anomaly.AnomalyScorer;
import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Sighting;
import io.onlineem.anomaly.Threshold;
import io.onlineem.anomaly.WatchOrders;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Block;
import io.onlineem.em.Blocks;
import io.onlineem.em.CareState;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.PageHinkley;
import io.onlineem.em.Parameters;
import io.onlineem.em.Sequence;
import io.onlineem.em.Statistics;
import io.onlineem.em.StepSize;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The values that the golden files hold. They never change; a new layout gets new files. */
final class Examples {

    static final ModelSpec SPEC = new ModelSpec(
            "mixture",
            "gaussian",
            2,
            List.of("speed", "höhe"),
            Map.of("covariance", "full", "covarianceFloor", "1e-6"));

    private Examples() {}

    @SuppressWarnings("unchecked")
    static Model<MixtureParameters<GaussianParameters>> model() {
        return (Model<MixtureParameters<GaussianParameters>>) SPEC.build();
    }

    static MixtureParameters<GaussianParameters> parameters() {
        return parameters(0.3);
    }

    static MixtureParameters<GaussianParameters> parameters(double weight) {
        return new MixtureParameters<>(
                new double[] {weight, 1 - weight},
                new GaussianParameters(
                        new double[][] {{1e9, -0.1}, {1e9 + 1, 1.0 / 3}},
                        new double[][][] {{{1, 0.25}, {0.25, 2}}, {{2e-3, 0}, {0, 1.7976931348623157e308}}},
                        new double[] {1e9, 0.2},
                        new double[] {0.7, 1e-5}));
    }

    /** With averaging, as layout version 1 had it. */
    static ModelState<MixtureParameters<GaussianParameters>> plainState() {
        return state(5_000_000_000.5, null, null, List.of());
    }

    /** With averaging, while a fall of the likelihood is watched: every optional part is there. */
    static ModelState<MixtureParameters<GaussianParameters>> state() {
        return state(
                4321.25,
                new PageHinkley(40, new double[0], -7.5, 1.25, 3.0625, 512.5, -5000.125, 63, 62.5, -480.75),
                new CareState(sample(), 34, 1, 4_999_999_999L, 4_999_990_000L),
                events());
    }

    /** While the detector learns its baseline. */
    static ModelState<MixtureParameters<GaussianParameters>> youngState() {
        return state(
                720, new PageHinkley(2, new double[] {-7, 64, -7.25, 256.5}, 0, 0, 0, 0, 0, 0, 0, 0), null, List.of());
    }

    private static List<ModelState.Event> events() {
        return List.of(
                new ModelState.Event(ModelState.Event.Type.DRIFT, List.of(), 5, 4_000_000_000L, -7.25, -11.5),
                new ModelState.Event(ModelState.Event.Type.RESTART, List.of(1, 0), 6, 4_999_999_998L, -8, -7.5),
                new ModelState.Event(
                        ModelState.Event.Type.MERGE_AND_SPLIT, List.of(0, 1, 0), 6, 4_999_999_999L, -8, -1e300));
    }

    private static ModelState<MixtureParameters<GaussianParameters>> state(
            double clock, PageHinkley watch, CareState care, List<ModelState.Event> events) {
        int length = model().statisticsLength();
        return new ModelState<>(
                7,
                5_000_000_000L,
                5_000_000_000.5,
                clock,
                numbers(length, 0.1),
                numbers(length, -1e-300),
                parameters(0.3),
                parameters(0.25),
                0.0025,
                4_999_999_000.5,
                -38_333_333_333.25,
                watch,
                care,
                events);
    }

    /** Records of the model, each standing for sixteen. */
    static Observations sample() {
        Observations sample = new Observations();
        sample.add(new double[] {1e9, -0.5}, 0, 2, 16);
        sample.add(new double[] {1e9 + 1, 0.125}, 0, 2, 16.5);
        return sample;
    }

    /** As layout version 2 has them. */
    static Statistics sampledStatistics() {
        Statistics statistics = statistics();
        statistics.setSample(sample());
        return statistics;
    }

    static Statistics statistics() {
        Statistics statistics = new Statistics(model().statisticsLength());
        System.arraycopy(numbers(statistics.sums().length, 1.0 / 3), 0, statistics.sums(), 0, statistics.sums().length);
        statistics.count(256, 257.5);
        statistics.countScored(250.5, -1234.0625);
        return statistics;
    }

    /** Records of different lengths, one empty, one with a missing value; weights, memory and look-ahead. */
    static Observations observations() {
        Observations observations = new Observations();
        observations.add(new double[] {1, -0.0, Double.NaN});
        observations.add(new double[] {}, 0, 0, 2.5);
        observations.add(new double[] {Double.MIN_VALUE, Double.MAX_VALUE});
        observations.setMemory(new double[] {0.25, 0.75});
        observations.setLookAhead(1);
        return observations;
    }

    /** Records of a number and a category; one lacks the number, one the category. */
    static Observations categories() {
        Observations observations = new Observations();
        for (String text : new String[] {"Öl", "", "gas"}) {
            observations.addCategories(Map.of(Observations.category(text), text));
        }
        observations.add(new double[] {1.5, Observations.category("Öl")});
        observations.add(new double[] {Double.NaN, Observations.category("gas")}, 0, 2, 0.5);
        observations.add(new double[] {2.5, Double.NaN});
        observations.add(new double[] {3.5, Observations.category("")});
        return observations;
    }

    /** Two sequences and the continuation of another. */
    static Observations sequences() {
        Observations observations = new Observations();
        observations.setMemory(new double[] {0.25, 0.75});
        observations.add(new double[] {1, Double.NaN});
        observations.beginSequence();
        observations.add(new double[] {2, 0.1});
        observations.beginSequence();
        observations.add(new double[] {3, 0.2}, 0, 2, 0.5);
        observations.add(new double[] {4, 0.3});
        observations.setLookAhead(1);
        return observations;
    }

    static Block block() {
        return new Block("pump 7 höhe", sequences(), new double[] {-1.5, Double.NaN, -1e300}, new long[] {
            1_700_000_000_000L, -1, Long.MAX_VALUE
        });
    }

    static final Blocks BLOCKS = new Blocks(2, 3);

    /** In its second block. */
    static Sequence sequence() {
        return new Sequence(
                "pump 7",
                BLOCKS,
                new Sequence.State(
                        2,
                        new double[] {0.125, 0.875},
                        false,
                        1_700_000_000_003L,
                        List.of(new double[2], new double[] {1.0 / 3, 2.0 / 3}),
                        sequences(),
                        new double[] {-1, -2, -3, -4},
                        new long[] {1_700_000_000_000L, 1_700_000_000_001L, 1_700_000_000_002L, 1_700_000_000_003L}));
    }

    static WatchOrders orders() {
        return new WatchOrders(
                List.of(
                        new WatchOrders.Maintenance("deploy", null, WatchOrders.AT_ONCE, 1_700_000_000_000L),
                        new WatchOrders.Maintenance("é/7", "wind/north#2", 1_800_000_000_000L, 1_900_000_000_000L)),
                List.of(new WatchOrders.Feedback(6, "wind/north#2", 1), new WatchOrders.Feedback(7, "wind/0", 12)));
    }

    static ControlState control() {
        return plainControl().withPausedSince(1_700_000_000_000L).withOrders(orders());
    }

    /** As of version 1. */
    static ControlState plainControl() {
        return new ControlState(
                true,
                0,
                new StepSize.PowerDecay(0.6, 1000),
                57,
                12_345,
                List.of(new ControlState.Applied("6a7b", 57), new ControlState.Applied("pause/2026-11-21", 60)),
                WatchOrders.NONE);
    }

    static Command command() {
        return Command.of("6a7b", "step-size")
                .with("stepSize", StepSizeJson.write(new StepSize.Constant(0.01)))
                .with("weight", "12".getBytes(StandardCharsets.UTF_8));
    }

    static Acknowledgement acknowledgement() {
        return acknowledgement(1_700_000_000_000L);
    }

    /** @param pausedSince 0 as of a release that did not tell */
    static Acknowledgement acknowledgement(long pausedSince) {
        return new Acknowledgement(
                "6a7b",
                "load",
                "wind/north",
                Acknowledgement.Outcome.REFUSED,
                57,
                12_000,
                true,
                pausedSince,
                new StepSize.HalfLife(5000),
                12_345,
                "'document' is missing",
                3,
                99);
    }

    static PublishedModel<MixtureParameters<GaussianParameters>> plainPublished() {
        return PublishedModel.of("wind", SPEC, plainState());
    }

    static PublishedModel<MixtureParameters<GaussianParameters>> published() {
        return PublishedModel.of("wind", SPEC, state());
    }

    static FitResult<MixtureParameters<GaussianParameters>> fit() {
        return new FitResult<>(
                SPEC,
                11,
                "batch",
                -3,
                new BatchEm.Fit<>(parameters(), -1130.2639597, 0, 272, 272, 31, true, false),
                3.25);
    }

    /** Equality by bits of everything the parameters tell. */
    static byte[] bits(Parameters parameters) {
        ByteWriter out = new ByteWriter(Format.STATE, 0);
        FieldsBinary.write(out, parameters.fields());
        return out.toBytes();
    }

    private static double[] numbers(int length, double factor) {
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = factor * (i + 1);
        }
        return numbers;
    }

    static final AnomalySettings CALIBRATION = AnomalySettings.DEFAULTS
            .withExcesses(50)
            .withHalfLife(500)
            .withHoldOff(20)
            .withLevelHalfLife(200)
            .withChannels(Channel.RECORD, new Channel(Channel.Kind.CALM, 3));

    static final AnomalySettings ROBUST = AnomalySettings.DEFAULTS
            .withTails(AnomalySettings.Tails.ROBUST)
            .withHalfLife(500)
            .withWarmUp(40)
            .withSeason(true)
            .withChannels(Channel.RECORD, new Channel(Channel.Kind.LEVEL, 3), Channel.REPEATS);

    static final Detection DETECTION =
            Detection.DEFAULTS.withCalibration(ROBUST).withThreshold(Threshold.falseDiscoveries(0.5));

    /** A stream in the middle of an incident. */
    static Detector detector() {
        Detector.State state = new Detector.State(
                3,
                new Incident("pump/7#3", Incident.Status.UPDATED, 1000, 3000, 4, 2, 2000, 0.75, 1e-4, 0.05),
                2,
                0.01,
                4000,
                1000.5,
                7,
                0.25,
                true,
                5,
                List.of(0.02, 1e-3),
                new Detector.Tests(290, 1.75));
        Detector seasonal = new Detector(DETECTION, "pump/7");
        AnomalyScorer scorer = new AnomalyScorer(ROBUST);
        for (int i = 0; i < 300; i++) {
            Observations came = Observations.of(new double[] {i % 24 + i % 7, i % 5});
            Observations left = new Observations();
            seasonal.takeSeason(3_600_000L * i, came, left);
            scorer.score(new Sighting(i % 11 + (i % 50 == 0 ? 20 : 0), Double.NaN, came, left), 1);
        }
        return new Detector(DETECTION, "pump/7", scorer, seasonal.seasons(), state);
    }

    /** A scorer of surprises that no library function computed, so that they are the same everywhere. */
    static AnomalyScorer scorer() {
        AnomalyScorer scorer = new AnomalyScorer(CALIBRATION);
        long bits = 1;
        for (int i = 0; i < 300; i++) {
            bits = bits * 6364136223846793005L + 1442695040888963407L;
            double uniform = (bits >>> 11) * 0x1p-53;
            scorer.score(1 / (0.05 + uniform));
        }
        return scorer;
    }
}

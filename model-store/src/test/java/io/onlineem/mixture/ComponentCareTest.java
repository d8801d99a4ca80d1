package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.em.BatchEm;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Drift;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.ModelState.Event;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Components that have died, or fallen together, find the cluster that lacks one. */
class ComponentCareTest {

    private static final double[][] CLUSTERS = {{0, 0}, {6, 0}, {0, 6}, {6, 7}};
    private static final Learning CARING = Learning.DEFAULTS.withComponentCare(ComponentCare.DEFAULTS);

    private static Mixture<GaussianParameters> mixture(Covariance covariance, int components) {
        return new Mixture<>(new GaussianFamily(2, covariance), components);
    }

    private static Observations draw(int clusters, int records, SplittableRandom random) {
        Observations drawn = new Observations(records, 2);
        for (int i = 0; i < records; i++) {
            double[] mean = CLUSTERS[random.nextInt(clusters)];
            drawn.add(new double[] {mean[0] + random.nextGaussian(), mean[1] + random.nextGaussian()});
        }
        return drawn;
    }

    private static MixtureParameters<GaussianParameters> start(double[] weights, double[]... means) {
        double[][][] covariances = new double[means.length][][];
        Arrays.fill(covariances, new double[][] {{1, 0}, {0, 1}});
        return new MixtureParameters<>(
                weights, new GaussianParameters(means, covariances, new double[2], new double[] {1, 1}));
    }

    private static OnlineLearner<MixtureParameters<GaussianParameters>> learner(
            Mixture<GaussianParameters> model, Learning learning, MixtureParameters<GaussianParameters> start) {
        OnlineEm<MixtureParameters<GaussianParameters>> engine = new OnlineEm<>(model, learning);
        return new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start));
    }

    private static ModelState<MixtureParameters<GaussianParameters>> learn(
            OnlineLearner<MixtureParameters<GaussianParameters>> learner, Observations records) {
        for (int i = 0; i < records.size(); i++) {
            learner.learn(records, i, learner.score(records, i));
        }
        return learner.state();
    }

    private static double mean(
            Mixture<GaussianParameters> model, MixtureParameters<GaussianParameters> parameters, Observations records) {
        return model.eStep(parameters).accumulate(records, model.newStatistics()) / records.size();
    }

    private static void requireRescue(
            Covariance covariance, MixtureParameters<GaussianParameters> start, Event.Type type, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations records = draw(3, 60_000, random.split());
        Observations heldOut = draw(3, 10_000, random.split());
        Mixture<GaussianParameters> model = mixture(covariance, 3);
        double batch = mean(
                model,
                new BatchEm<>(model)
                        .fit(records.slice(0, 5000), 8, 1, new BatchEm.Stopping(200, 1e-8))
                        .parameters(),
                heldOut);

        double neglected = mean(
                model, learn(learner(model, Learning.DEFAULTS, start), records).published(), heldOut);
        ModelState<MixtureParameters<GaussianParameters>> state = learn(learner(model, CARING, start), records);
        double caredFor = mean(model, state.published(), heldOut);

        assertThat(neglected).isLessThan(batch - 0.2);
        assertThat(caredFor).isGreaterThan(batch - 0.01);
        assertThat(state.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(type);
            assertThat(event.after()).isGreaterThan(event.before() + 0.1);
            assertThat(event.components()).allMatch(k -> k >= 0 && k < 3);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "FULL, 1",
        "FULL, 2",
        "FULL, 3",
        "FULL, 4",
        "TIED, 5",
        "TIED, 6",
        "DIAGONAL, 7",
        "DIAGONAL, 8",
        "SPHERICAL, 9",
        "SPHERICAL, 10"
    })
    void aComponentThatCoincidesWithAnotherFindsTheClusterThatLacksOne(Covariance covariance, long seed) {
        requireRescue(
                covariance,
                start(new double[] {0.2, 0.2, 0.6}, new double[] {0, 0}, new double[] {0, 0}, new double[] {3, 3}),
                Event.Type.MERGE_AND_SPLIT,
                seed);
    }

    @ParameterizedTest
    @CsvSource({"FULL, 11", "FULL, 12", "FULL, 13", "TIED, 14", "DIAGONAL, 15", "SPHERICAL, 16"})
    void aDeadComponentIsRestartedWhereTheFitIsWorst(Covariance covariance, long seed) {
        requireRescue(
                covariance,
                start(
                        new double[] {0.4, 1e-6, 0.6 - 1e-6},
                        new double[] {0, 0},
                        new double[] {500, -300},
                        new double[] {3, 3}),
                Event.Type.RESTART,
                seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aClusterThatAppearsLaterGetsAComponentThatWasOfNoUse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Mixture<GaussianParameters> model = mixture(Covariance.FULL, 4);
        OnlineLearner<MixtureParameters<GaussianParameters>> learner = learner(
                model,
                CARING,
                start(new double[] {0.25, 0.25, 0.25, 0.25}, CLUSTERS[0], CLUSTERS[0], CLUSTERS[1], CLUSTERS[2]));
        ModelState<MixtureParameters<GaussianParameters>> before = learn(learner, draw(3, 50_000, random.split()));
        ModelState<MixtureParameters<GaussianParameters>> after = learn(learner, draw(4, 60_000, random.split()));

        assertThat(before.events()).isEmpty();
        assertThat(after.events()).hasSize(1);
        assertThat(Arrays.stream(after.published().emissions().means()))
                .anyMatch(mean -> Math.hypot(mean[0] - CLUSTERS[3][0], mean[1] - CLUSTERS[3][1]) < 0.3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aModelThatFitsIsLeftAlone(long seed) {
        Observations records = draw(3, 100_000, new SplittableRandom(seed));
        ModelState<MixtureParameters<GaussianParameters>> cared =
                learn(learner(mixture(Covariance.FULL, 3), CARING, null), records);
        assertThat(cared.events()).isEmpty();
        assertThat(cared.parameters().fields())
                .isEqualTo(learn(learner(mixture(Covariance.FULL, 3), Learning.DEFAULTS, null), records)
                        .parameters()
                        .fields());
    }

    /** Whatever the spare components describe, moving them about gains nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aModelOfTooManyComponentsIsLeftAlone(long seed) {
        Observations records = draw(3, 100_000, new SplittableRandom(seed));
        Learning hasty = CARING.withComponentCare(new ComponentCare(0.02, 1));
        ModelState<MixtureParameters<GaussianParameters>> state =
                learn(learner(mixture(Covariance.FULL, 6), hasty, null), records);
        assertThat(state.events()).isEmpty();
    }

    /** A ring, which no three normal components describe well: one arrangement is as good as another. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aModelThatCannotFitSettlesAllTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations ring = new Observations();
        for (int i = 0; i < 200_000; i++) {
            double angle = 2 * Math.PI * random.nextDouble();
            double radius = 10 + random.nextGaussian();
            ring.add(new double[] {radius * Math.cos(angle), radius * Math.sin(angle)});
        }
        assertThat(learn(learner(mixture(Covariance.FULL, 3), CARING, null), ring)
                        .events())
                .hasSizeLessThanOrEqualTo(1);
    }

    /** Far outliers carry a component away, and the adaptive mode makes it forget what it was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aComponentThatAnOutlierCarriedAwayComesBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations records = draw(3, 30_000, random.split());
        records.add(new double[] {1e5, -1e5});
        records.addAll(draw(3, 60_000, random.split()));
        Observations heldOut = draw(3, 10_000, random.split());
        Mixture<GaussianParameters> model = mixture(Covariance.FULL, 3);

        double adaptive = mean(
                model,
                learn(learner(model, Learning.DEFAULTS.withDrift(Drift.DEFAULTS), null), records)
                        .published(),
                heldOut);
        ModelState<MixtureParameters<GaussianParameters>> state =
                learn(learner(model, CARING.withDrift(Drift.DEFAULTS), null), records);

        assertThat(adaptive).isLessThan(-4.0);
        assertThat(mean(model, state.published(), heldOut)).isGreaterThan(-3.95);
        assertThat(state.events()).extracting(Event::type).containsExactly(Event.Type.DRIFT, Event.Type.RESTART);
    }

    @Test
    void theSameRecordsGiveTheSameMoves() {
        MixtureParameters<GaussianParameters> start =
                start(new double[] {0.2, 0.2, 0.6}, new double[] {0, 0}, new double[] {0, 0}, new double[] {3, 3});
        Observations records = draw(3, 30_000, new SplittableRandom(1));
        Mixture<GaussianParameters> model = mixture(Covariance.FULL, 3);
        ModelState<?> once = learn(learner(model, CARING, start), records);
        ModelState<?> again = learn(learner(model, CARING, start), records);
        assertThat(once.events()).hasSize(1).isEqualTo(again.events());
        assertThat(once.statistics()).isEqualTo(again.statistics());
    }

    @Test
    void withoutMovesOrDistanceBetweenThemSettingsAreRejected() {
        assertThatThrownBy(() -> new ComponentCare(0, 1)).hasMessageContaining("margin of the component care is 0.0");
        assertThatThrownBy(() -> new ComponentCare(1, 0)).hasMessageContaining("distance of the component care is 0");
    }
}

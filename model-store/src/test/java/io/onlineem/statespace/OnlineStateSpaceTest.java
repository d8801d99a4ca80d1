package io.onlineem.statespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Noises learned from one pass in blocks. */
class OnlineStateSpaceTest {

    private static final int RECORDS = 20_000;
    private static final Learning LEARNING = Learning.DEFAULTS.withAveragingAfter(RECORDS / 2);

    private static Observations walk(long seed, double process, double noise) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations records = new Observations(RECORDS, 1);
        double level = 0;
        for (int i = 0; i < RECORDS; i++) {
            level += Math.sqrt(process) * random.nextGaussian();
            records.add(new double[] {level + Math.sqrt(noise) * random.nextGaussian()});
        }
        return records;
    }

    private static StateSpaceParameters online(
            StateSpace model, Learning learning, StateSpaceParameters start, Observations records) {
        OnlineEm<StateSpaceParameters> engine = new OnlineEm<>(model, learning);
        OnlineLearner<StateSpaceParameters> learner =
                new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start));
        for (int i = 0; i < records.size(); i++) {
            Posterior posterior = learner.score(records, i);
            if (posterior != null) {
                assertThat(posterior.logLikelihood()).isFinite();
            }
            learner.learn(records, i, posterior);
        }
        learner.end();
        learner.flush();
        return learner.state().published();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 100, 100",
        "1, 0.01, 0.01",
        "1, 100, 0.01",
        "1, 0.01, 100",
        "1, 1, 0.01",
        "1, 100, 1",
        "0.1, 100, 100",
        "0.1, 0.01, 0.01",
        "0.1, 100, 0.01",
        "0.1, 0.01, 100"
    })
    void startsAHundredTimesOffAreForgotten(double process, double ofProcess, double ofNoise) {
        StateSpace model = Presets.localLevel(1).build();
        StateSpaceParameters start = model.read(new Fields()
                .with("processNoise", new double[][] {{ofProcess * process}})
                .with("observationNoise", new double[][] {{ofNoise}}));
        StateSpaceParameters learned = online(model, LEARNING, start, walk(1, process, 1));

        assertThat(learned.processNoise()[0][0]).isCloseTo(process, within(0.1 * process));
        assertThat(learned.observationNoise()[0][0]).isCloseTo(1, within(0.1));
    }

    /** On a stream statistics are of parameters that were the newest a while ago. */
    @ParameterizedTest
    @CsvSource({"100, 100", "0.01, 0.01", "0.01, 100"})
    void statisticsOfOldParametersDoNotMislead(double ofProcess, double ofNoise) {
        StateSpace model = Presets.localLevel(2).build();
        StateSpaceParameters start = model.read(new Fields()
                .with("processNoise", new double[][] {{ofProcess * 0.1}})
                .with("observationNoise", new double[][] {{ofNoise, 0}, {0, 2 * ofNoise}}));
        OnlineEm<StateSpaceParameters> engine = new OnlineEm<>(model, LEARNING);
        ModelState<StateSpaceParameters> state = engine.startFrom(start);
        Deque<StateSpaceParameters> versions = new ArrayDeque<>(Collections.nCopies(6, start));
        SplittableRandom random = new SplittableRandom(7);
        double[] memory = new double[model.memoryLength()];
        double level = 0;
        for (int batch = 0; batch < 80; batch++) {
            Observations records = new Observations();
            for (int i = 0; i < 260; i++) {
                level += Math.sqrt(0.1) * random.nextGaussian();
                double second = level + Math.sqrt(2) * random.nextGaussian();
                records.add(new double[] {level + random.nextGaussian(), i % 2 == 0 ? Double.NaN : second});
            }
            records.setMemory(memory);
            records.setLookAhead(10);
            EStep old = model.eStep(versions.removeFirst());
            Statistics statistics = model.newStatistics();
            old.accumulate(records, statistics, memory);
            old.accelerate(statistics);
            state = engine.blend(state, statistics);
            versions.addLast(state.parameters());
            for (int i = 250; i < 260; i++) {
                old.score(records, i, memory);
            }
        }

        assertThat(state.published().processNoise()[0][0]).isCloseTo(0.1, within(0.01));
        assertThat(state.published().observationNoise()[0][0]).isCloseTo(1, within(0.1));
        assertThat(state.published().observationNoise()[1][1]).isCloseTo(2, within(0.2));
    }

    @Test
    void onePassComesCloseToTheBatchFit() {
        StateSpace model = Presets.localLinearTrend(1).build();
        SplittableRandom random = new SplittableRandom(4);
        Observations records = new Observations(RECORDS, 1);
        double level = 0;
        double slope = 0;
        for (int i = 0; i < RECORDS; i++) {
            level += slope + random.nextGaussian();
            slope += 0.3 * random.nextGaussian();
            records.add(new double[] {level + 2 * random.nextGaussian()});
        }
        StateSpaceParameters learned = online(model, LEARNING, null, records);

        double online = model.eStep(learned).accumulate(records, model.newStatistics());
        double truth = model.eStep(model.read(new Fields()
                        .with("processNoise", new double[][] {{1, 0}, {0, 0.09}})
                        .with("observationNoise", new double[][] {{4}})))
                .accumulate(records, model.newStatistics());
        assertThat(online).isGreaterThan(truth - 5);
    }

    @Test
    void theEstimateOfEmIsLeftAlone() {
        StateSpace model = Presets.localLevel(1).build();
        Observations records = walk(3, 0.5, 1).slice(0, 2000);
        BatchEm.Fit<StateSpaceParameters> fit = new BatchEm<>(model).fit(records, 1, 1, BatchEm.Stopping.DEFAULTS);
        Statistics statistics = model.newStatistics();
        model.eStep(fit.parameters()).accumulate(records, statistics);
        double[] mean = statistics.mean();

        assertThat(model.accelerated(mean.clone(), fit.parameters())).containsExactly(mean, within(1e-5 * mean[1]));
    }

    /** For the local level the integral has a closed form. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 1, 10})
    void theInformationOfRecordsIsThatOfTheSpectralDensity(double process) {
        StateSpace model = Presets.localLevel(1).build();
        StateSpaceParameters parameters = model.read(new Fields()
                .with("processNoise", new double[][] {{process}})
                .with("observationNoise", new double[][] {{1}}));
        double[][] information = Information.ofRecords(parameters, Noise.DIAGONAL.bases(1), Noise.DIAGONAL.bases(1));
        // mean of 1 / (q + 2 - 2 cos)² over a circle, a = q + 2, b = 2: a / (a² - b²)^1.5
        double a = process + 2;
        double square = a / Math.pow(a * a - 4, 1.5);
        double single = 1 / Math.sqrt(a * a - 4);

        assertThat(information[0][0]).isCloseTo(square / 2, within(5e-3 * square));
        assertThat(information[0][1])
                .isCloseTo((single - process * square) / 2, within(5e-3 * Math.max(single, square * process)));
        assertThat(information[1][1])
                .isCloseTo((1 - 2 * process * single + process * process * square) / 2, within(5e-3));
    }

    enum Stream {
        CONSTANT,
        FAR_AWAY,
        NOTHING_OBSERVED,
        MOSTLY_MISSING,
        JUMPING,
        HUGE
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void hardStreamsLeaveValidModels(Stream stream) {
        SplittableRandom random = new SplittableRandom(1);
        Observations records = new Observations();
        for (int i = 0; i < 600; i++) {
            double noise = random.nextGaussian();
            double value =
                    switch (stream) {
                        case CONSTANT -> 7;
                        case FAR_AWAY -> 1e9 + noise;
                        case NOTHING_OBSERVED -> Double.NaN;
                        case MOSTLY_MISSING -> random.nextInt(10) == 0 ? noise : Double.NaN;
                        case JUMPING -> i % 100 == 50 ? 1e12 : noise;
                        case HUGE -> 1e99 * noise;
                    };
            records.add(new double[] {value, i % 3 == 0 ? Double.NaN : value + random.nextGaussian()});
        }
        for (StateSpaceBuilder builder : new StateSpaceBuilder[] {
            Presets.localLevel(2),
            Presets.localLinearTrend(2),
            Presets.randomWalk(2),
            Presets.dampedOscillation(2, 12, 0.9),
            Presets.constantVelocity(2, 1),
            Presets.randomWalk(2).processNoise(Noise.FREE).observationNoise(Noise.FREE),
            StateSpace.of(new double[][] {{0.9, 0}, {0, 0.8}}, new double[][] {{1, 0}, {0, 1}})
                    .learnTransition()
                    .learnObservation()
                    .learnOffset()
        }) {
            StateSpace model = builder.build();
            StateSpaceParameters learned =
                    online(model, Learning.DEFAULTS.withWarmUp(60).withMiniBatch(16), null, records);

            for (double[][] noise : new double[][][] {learned.processNoise(), learned.observationNoise()}) {
                assertThat(Arrays.stream(noise).flatMapToDouble(Arrays::stream).boxed())
                        .allMatch(Double::isFinite);
                assertThat(Noise.isPositiveDefinite(Dense.flat(noise), noise.length))
                        .isTrue();
            }
        }
    }

    @Test
    void numbersFarFromZeroAreAsGoodAsNearIt() {
        StateSpace model = Presets.localLevel(1).build();
        Observations near = walk(2, 1, 1).slice(0, 2000);
        Observations far = new Observations();
        for (int i = 0; i < near.size(); i++) {
            far.add(new double[] {1e9 + near.value(i, 0)});
        }
        BatchEm.Stopping stopping = new BatchEm.Stopping(50, 0);
        StateSpaceParameters ofNear =
                new BatchEm<>(model).fit(near, 1, 1, stopping).parameters();
        StateSpaceParameters ofFar =
                new BatchEm<>(model).fit(far, 1, 1, stopping).parameters();

        assertThat(ofFar.processNoise()[0][0]).isCloseTo(ofNear.processNoise()[0][0], within(1e-5));
        assertThat(ofFar.observationNoise()[0][0]).isCloseTo(ofNear.observationNoise()[0][0], within(1e-5));
    }
}

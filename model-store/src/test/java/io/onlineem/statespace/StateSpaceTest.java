package io.onlineem.statespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.SequenceModelContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** State space models of every structure keep the contract of models of sequences. */
class StateSpaceTest {

    @Nested
    class LocalLevel extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return Presets.localLevel(width);
        }
    }

    @Nested
    class LocalLinearTrend extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return Presets.localLinearTrend(width);
        }
    }

    @Nested
    class RandomWalkWithFreeNoise extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return width > 8
                    ? Presets.localLevel(width)
                    : Presets.randomWalk(width).processNoise(Noise.FREE).observationNoise(Noise.FREE);
        }
    }

    @Nested
    class DampedOscillation extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return Presets.dampedOscillation(width, 7, 0.9);
        }
    }

    @Nested
    class ConstantVelocity extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return width > 8 ? Presets.localLinearTrend(width) : Presets.constantVelocity(width, 0.5);
        }
    }

    /** Everything is learned. */
    @Nested
    class Free extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return free(width, states).observationNoise(Noise.FREE);
        }
    }

    /** Everything is learned, number by number. */
    @Nested
    class FreeWithDiagonalNoise extends Contract {
        @Override
        StateSpaceBuilder structured(int width, int states) {
            return free(width, states).observationNoise(Noise.DIAGONAL).processNoise(Noise.SCALAR);
        }
    }

    private static StateSpaceBuilder free(int width, int states) {
        double[][] observation = new double[width][states];
        double[] shrink = new double[states];
        Arrays.fill(shrink, 0.9);
        for (int i = 0; i < width; i++) {
            observation[i][i % states] = 1;
        }
        return StateSpace.of(Dense.diagonal(shrink), observation)
                .learnTransition()
                .learnObservation()
                .learnOffset();
    }

    abstract static class Contract extends SequenceModelContract<StateSpaceParameters> {

        abstract StateSpaceBuilder structured(int width, int states);

        @Override
        protected Model<StateSpaceParameters> model(int width, int states) {
            return structured(width, states).build();
        }

        @Override
        protected void assertValid(StateSpaceParameters parameters) {
            assertPositiveDefinite(parameters.processNoise());
            assertPositiveDefinite(parameters.observationNoise());
            if (parameters.initialMean() != null) {
                assertFinite(parameters.initialMean());
                assertPositiveDefinite(parameters.initialCovariance());
            }
            assertFinite(parameters.offset());
            Arrays.stream(parameters.observation()).forEach(Contract::assertFinite);
            assertThat(Stability.radius(parameters.transition())).isLessThan(1 + 1e-6);
        }

        private static void assertPositiveDefinite(double[][] covariance) {
            Arrays.stream(covariance).forEach(Contract::assertFinite);
            assertThat(Noise.isPositiveDefinite(Dense.flat(covariance), covariance.length))
                    .as(Arrays.deepToString(covariance))
                    .isTrue();
        }

        private static void assertFinite(double[] values) {
            assertThat(Arrays.stream(values).boxed()).allMatch(Double::isFinite);
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "processNoise", new double[][] {{0.5, 0.6}}));
            invalid.add(with(valid, "observationNoise", new double[][] {{0.5, 0.6}, {0.5, 0.5}}));
            invalid.add(with(valid, "observationNoise", new double[][] {{1, 2}, {2, 1}}));
            invalid.add(with(valid, "observationNoise", new double[][] {{Double.NaN, 0}, {0, 1}}));
            invalid.add(with(valid, "observationNoise", "white"));
            invalid.add(with(valid, "scale", new double[] {1, 0}));
            return invalid;
        }

        static Fields with(Fields valid, String name, Object value) {
            return new Fields().withAll(valid).with(name, value);
        }
    }
}

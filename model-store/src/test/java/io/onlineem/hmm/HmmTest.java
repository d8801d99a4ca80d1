package io.onlineem.hmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.SequenceModelContract;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hidden Markov models of every structure keep the contract of models of sequences. */
class HmmTest {

    @Nested
    class FreeStart extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            return model;
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            super.invalidFields(valid).forEach(invalid::add);
            invalid.add(with(valid, "initial", new double[] {0.5, 0.6}));
            invalid.add(with(valid, "initial", new double[] {-0.5, 1.5}));
            invalid.add(with(valid, "initial", new double[] {1}));
            invalid.add(with(valid, "initial", "stationary"));
            return invalid;
        }
    }

    @Nested
    class StationaryStart extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            return model.withInitial(Initial.STATIONARY);
        }
    }

    @Nested
    class FixedStart extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            double[] first = new double[model.components()];
            first[0] = 1;
            return model.withFixedInitial(first);
        }
    }

    @Nested
    class LeftToRight extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            return model.withTransitions(Transitions.leftToRight(model.components()))
                    .withInitial(Initial.FIXED);
        }
    }

    /** Stay or go on to the next; the last is followed by the first. */
    @Nested
    class StationaryCycle extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            boolean[][] allowed = new boolean[model.components()][model.components()];
            for (int i = 0; i < allowed.length; i++) {
                allowed[i][i] = true;
                allowed[i][(i + 1) % allowed.length] = true;
            }
            return model.withTransitions(new Transitions(allowed)).withInitial(Initial.STATIONARY);
        }
    }

    @Nested
    class Sticky extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            return model.withPrior(2, 10);
        }
    }

    @Nested
    class StickyStationary extends Contract {
        @Override
        Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model) {
            return model.withInitial(Initial.STATIONARY).withPrior(2, 10);
        }
    }

    abstract static class Contract extends SequenceModelContract<HmmParameters<GaussianParameters>> {

        abstract Hmm<GaussianParameters> structured(Hmm<GaussianParameters> model);

        @Override
        protected Model<HmmParameters<GaussianParameters>> model(int width, int states) {
            return structured(Hmm.of(new GaussianFamily(width, Covariance.DIAGONAL), states));
        }

        @Override
        protected void assertValid(HmmParameters<GaussianParameters> parameters) {
            int states = parameters.initial().length;
            Transitions allowed = structured(Hmm.of(new GaussianFamily(1, Covariance.DIAGONAL), states))
                    .transitions();
            assertProbabilities(parameters.initial());
            for (int i = 0; i < states; i++) {
                assertProbabilities(parameters.transition()[i]);
                for (int j = 0; j < states; j++) {
                    assertThat(parameters.transition()[i][j] > 0).isEqualTo(allowed.allows(i, j));
                }
                assertThat(Arrays.stream(parameters.emissions().means()[i]).boxed())
                        .allMatch(Double::isFinite);
                for (int d = 0; d < parameters.emissions().means()[i].length; d++) {
                    assertThat(parameters.emissions().covariances()[i][d][d])
                            .isPositive()
                            .isFinite();
                }
            }
        }

        private static void assertProbabilities(double[] probabilities) {
            assertThat(Arrays.stream(probabilities).boxed()).allMatch(p -> p >= 0 && p <= 1);
            assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-12));
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "transition", new double[][] {{0.5, 0.6}, {0.5, 0.5}}));
            invalid.add(with(valid, "transition", new double[][] {{1.5, -0.5}, {0.5, 0.5}}));
            invalid.add(with(valid, "transition", new double[][] {{Double.NaN, 1}, {0.5, 0.5}}));
            invalid.add(with(valid, "transition", new double[][] {{1, 0}}));
            invalid.add(with(valid, "transition", "sticky"));
            invalid.add(with(valid, "means", new double[][] {{1, 2}}));
            return invalid;
        }

        static Fields with(Fields valid, String name, Object value) {
            return new Fields().withAll(valid).with(name, value);
        }
    }

    @Test
    void aTransitionThatIsNotAllowedIsRejected() {
        Hmm<GaussianParameters> model =
                Hmm.of(new GaussianFamily(1, Covariance.FULL), 2).withTransitions(Transitions.leftToRight(2));
        Fields fields = new Fields()
                .with("initial", new double[] {1, 0})
                .with("transition", new double[][] {{0.9, 0.1}, {0.1, 0.9}})
                .with("means", new double[][] {{0}, {1}})
                .with("covariances", new double[][][] {{{1}}, {{1}}});

        assertThatThrownBy(() -> model.read(fields))
                .hasMessage(
                        "transition probability from state 2 to state 1 is 0.1; expected 0, because the model does not"
                                + " allow it");
    }

    @Test
    void zerosThatAreNotStructuralAreRaisedSoThatTheyCanBeLearned() {
        Hmm<GaussianParameters> model = Hmm.of(new GaussianFamily(1, Covariance.FULL), 2);
        HmmParameters<GaussianParameters> read = model.read(new Fields()
                .with("initial", new double[] {1, 0})
                .with("transition", new double[][] {{1, 0}, {0.5, 0.5}})
                .with("means", new double[][] {{0}, {1}})
                .with("covariances", new double[][][] {{{1}}, {{1}}}));

        assertThat(read.initial()).containsExactly(1 - 1e-10, 1e-10);
        assertThat(read.transition()[0]).containsExactly(1 - 1e-10, 1e-10);
        assertThat(read.transition()[1]).containsExactly(0.5, 0.5);
    }

    @Test
    void aStationaryStartFollowsFromTheTransitions() {
        Hmm<GaussianParameters> model =
                Hmm.of(new GaussianFamily(1, Covariance.FULL), 2).withInitial(Initial.STATIONARY);
        HmmParameters<GaussianParameters> read = model.read(new Fields()
                .with("transition", new double[][] {{0.9, 0.1}, {0.3, 0.7}})
                .with("means", new double[][] {{0}, {1}})
                .with("covariances", new double[][][] {{{1}}, {{1}}}));

        assertThat(read.initial()).containsExactly(new double[] {0.75, 0.25}, within(1e-15));
    }

    @Test
    void degreesOfFreedomCountWhatIsLearned() {
        Hmm<GaussianParameters> model = Hmm.of(new GaussianFamily(1, Covariance.FULL), 3);

        assertThat(model.degreesOfFreedom()).isEqualTo(2 + 6 + 6);
        assertThat(model.withInitial(Initial.STATIONARY).degreesOfFreedom()).isEqualTo(6 + 6);
        assertThat(model.withTransitions(Transitions.leftToRight(3)).degreesOfFreedom())
                .isEqualTo(2 + 3 + 6);
    }

    @Test
    void modelsThatCannotBeAreRejected() {
        Hmm<GaussianParameters> model = Hmm.of(new GaussianFamily(1, Covariance.FULL), 2);

        assertThatThrownBy(() -> Hmm.of(new GaussianFamily(1, Covariance.FULL), 0))
                .hasMessage("number of states is 0; expected at least 1");
        assertThatThrownBy(
                        () -> model.withTransitions(Transitions.leftToRight(2)).withInitial(Initial.STATIONARY))
                .hasMessageContaining("expected a free or fixed one");
        assertThatThrownBy(() -> model.withTransitions(Transitions.full(3))).hasMessageContaining("expected 2");
        assertThatThrownBy(() -> model.withFixedInitial(new double[] {1})).hasMessageContaining("expected 2");
        assertThatThrownBy(() -> model.withFixedInitial(new double[] {1, 1})).hasMessageContaining("sum to 2");
        assertThatThrownBy(() -> model.withPrior(-1, 0)).hasMessageContaining("strength of the transitions is -1");
        assertThatThrownBy(() -> model.withPrior(0, Double.NaN)).hasMessageContaining("staying in a state is NaN");
    }

    @Test
    void structuresAreReadFromText() {
        assertThat(Transitions.parse("full", 3).isIrreducible()).isTrue();
        assertThat(Transitions.parse("left-to-right", 3).isOrdered()).isTrue();
        Transitions ring = Transitions.parse("1 1 0; 0 1 1; 1 0 1", 3);
        assertThat(ring.allows(2, 0)).isTrue();
        assertThat(ring.allows(0, 2)).isFalse();
        assertThat(ring.isIrreducible()).isTrue();
        assertThat(ring.isOrdered()).isFalse();
        for (String wrong : new String[] {"", "ring", "110;011", "110;011;10", "110;011;1012", "110;011;10x"}) {
            assertThatThrownBy(() -> Transitions.parse(wrong, 3))
                    .hasMessage("transitions are '" + wrong
                            + "'; expected full, left-to-right or 3 rows of 3 digits, 1 for allowed and 0 for not, such as"
                            + " 110;011;101");
        }
        assertThatThrownBy(() -> Transitions.parse("110;000;101", 3)).hasMessageContaining("from state 2");
    }
}

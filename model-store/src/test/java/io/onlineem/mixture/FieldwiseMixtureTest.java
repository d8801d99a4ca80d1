package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.family.Bernoulli;
import io.onlineem.family.Binomial;
import io.onlineem.family.Exponential;
import io.onlineem.family.FieldwiseFamily;
import io.onlineem.family.FieldwiseParameters;
import io.onlineem.family.Gamma;
import io.onlineem.family.Poisson;
import io.onlineem.family.Prior;
import io.onlineem.family.PriorFamily;
import io.onlineem.family.PriorParameters;
import io.onlineem.family.Univariate;
import io.onlineem.family.VonMises;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Nested;

/** Mixtures of families of independent fields keep the contract of models. */
class FieldwiseMixtureTest {

    private static double count(double number) {
        return Math.rint(Math.abs(number));
    }

    @Nested
    class OfPoisson extends Contract {
        OfPoisson() {
            super(new Poisson(false), FieldwiseMixtureTest::count);
        }
    }

    @Nested
    class OfPoissonWithExposure extends Contract {
        OfPoissonWithExposure() {
            super(new Poisson(true), FieldwiseMixtureTest::count);
        }

        @Override
        protected double[] adapt(double[] numbers) {
            double[] record = Arrays.copyOf(super.adapt(numbers), numbers.length + 1);
            record[numbers.length] = 0.5 + Math.abs(Math.sin(numbers[0]));
            return record;
        }
    }

    @Nested
    class OfExponential extends Contract {
        OfExponential() {
            super(new Exponential(), Math::abs);
        }
    }

    @Nested
    class OfGamma extends Contract {
        OfGamma() {
            super(new Gamma(), number -> number == 0 ? 1 : Math.abs(number));
        }
    }

    @Nested
    class OfBernoulli extends Contract {
        OfBernoulli() {
            super(new Bernoulli(), number -> number > 1 ? 1 : 0);
        }
    }

    @Nested
    class OfBinomial extends Contract {
        OfBinomial() {
            super(new Binomial(0), number -> Math.min(count(number), 9));
        }

        @Override
        protected double[] adapt(double[] numbers) {
            double[] record = Arrays.copyOf(super.adapt(numbers), numbers.length + 1);
            record[numbers.length] = 9 + Math.min(count(numbers[0]), 5);
            return record;
        }
    }

    @Nested
    class OfBinomialWithFixedTrials extends Contract {
        OfBinomialWithFixedTrials() {
            super(new Binomial(9), number -> Math.min(count(number), 9));
        }
    }

    @Nested
    class OfVonMises extends Contract {
        OfVonMises() {
            super(new VonMises(24), number -> number);
        }
    }

    abstract static class Contract extends ModelContract<MixtureParameters<FieldwiseParameters>> {

        private final Univariate univariate;
        private final DoubleUnaryOperator toDomain;

        Contract(Univariate univariate, DoubleUnaryOperator toDomain) {
            this.univariate = univariate;
            this.toDomain = toDomain;
        }

        @Override
        protected Model<MixtureParameters<FieldwiseParameters>> model(int width, int components) {
            return new Mixture<>(new FieldwiseFamily(univariate, width), components);
        }

        @Override
        protected double[] adapt(double[] numbers) {
            return Arrays.stream(numbers).map(toDomain).toArray();
        }

        @Override
        protected void assertValid(MixtureParameters<FieldwiseParameters> parameters) {
            assertThat(Arrays.stream(parameters.weights()).boxed()).allMatch(weight -> weight > 0 && weight <= 1);
            assertThat(Arrays.stream(parameters.weights()).sum()).isCloseTo(1, within(1e-12));
            assertValid(parameters.emissions());
        }

        void assertValid(FieldwiseParameters parameters) {
            for (int p = 0; p < univariate.parameters().size(); p++) {
                Univariate.Parameter range = univariate.parameters().get(p);
                assertThat(Arrays.stream(parameters.values()[p])
                                .flatMapToDouble(Arrays::stream)
                                .boxed())
                        .as(range.name())
                        .allMatch(value -> value >= range.least() && value <= range.most());
            }
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "weights", new double[] {0.5, 0.6}));
            for (Univariate.Parameter parameter : univariate.parameters()) {
                String name = parameter.name();
                invalid.add(with(valid, name, new double[] {0.5, 0.5}));
                invalid.add(with(valid, name, new double[][] {{0.5}, {0.5}}));
                invalid.add(with(valid, name, new double[][] {{0.5, 0.5}, {0.5, Double.NaN}}));
                invalid.add(with(valid, name, new double[][] {{0.5, 0.5}, {0.5, Double.NEGATIVE_INFINITY}}));
                invalid.add(with(valid, name, new double[][] {{0.5, 0.5}, {Double.POSITIVE_INFINITY, 0.5}}));
                invalid.add(with(valid, name, "all"));
            }
            if (univariate.isScaled()) {
                invalid.add(with(valid, "scale", new double[] {1, 0}));
                invalid.add(with(valid, "scale", 1.0));
            }
            if (univariate.size() != null) {
                invalid.add(with(valid, univariate.size(), -1.0));
                invalid.add(with(valid, univariate.size(), "some"));
            }
            return invalid;
        }

        private static Fields with(Fields valid, String name, Object value) {
            return new Fields().withAll(valid).with(name, value);
        }
    }

    /** MAP: what EM climbs is the penalised likelihood. */
    @Nested
    class OfGammaWithPrior extends ModelContract<MixtureParameters<PriorParameters<FieldwiseParameters>>> {

        private final Contract plain = new OfGamma();

        @Override
        protected Model<MixtureParameters<PriorParameters<FieldwiseParameters>>> model(int width, int components) {
            double[][] ones = new double[1][width];
            Arrays.fill(ones[0], 1);
            Fields location = new Fields().with("shapes", ones).with("scales", ones);
            return new Mixture<>(
                    new PriorFamily<>(new FieldwiseFamily(new Gamma(), width), new Prior(4, location)), components, 6);
        }

        @Override
        protected double[] adapt(double[] numbers) {
            return plain.adapt(numbers);
        }

        @Override
        protected void assertValid(MixtureParameters<PriorParameters<FieldwiseParameters>> parameters) {
            plain.assertValid(parameters.emissions().estimate());
            plain.assertValid(parameters.emissions().location());
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            return plain.invalidFields(valid);
        }
    }
}

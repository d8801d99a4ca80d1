package io.onlineem.multinomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.codec.FieldsJson;
import io.onlineem.em.BatchEm;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.Problem;
import io.onlineem.em.Statistics;
import io.onlineem.em.StepSize;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

class IncompleteMultinomialTest {

    /** Rounding of sums of a few hundred terms, relative. */
    private static final double ROUNDING = 1e-12;

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void batchEmNeverLowersThePenalisedLikelihood(Example example) {
        for (double strength : new double[] {0, 0.5, 30}) {
            for (long seed = 1; seed <= 5; seed++) {
                IncompleteMultinomial model = counts(example).withPrior(strength);
                Observations data = example.counts(seed, 10);
                CellParameters parameters = model.start(data, new SplittableRandom(seed));
                Statistics statistics = model.newStatistics();
                double before = penalised(model, parameters, data, statistics, strength);
                for (int iteration = 0; iteration < 200; iteration++) {
                    parameters = model.mStep(statistics.mean(), statistics.weight(), parameters);
                    double after = penalised(model, parameters, data, statistics, strength);
                    assertThat(after).isGreaterThanOrEqualTo(before - ROUNDING * Math.abs(before));
                    before = after;
                }
                assertValid(parameters);
            }
        }
    }

    private static double penalised(
            IncompleteMultinomial model,
            CellParameters parameters,
            Observations data,
            Statistics statistics,
            double strength) {
        statistics.clear();
        double logPrior = model.logPrior(parameters);
        double sum = 0;
        int l = 0;
        for (CellTable.Group group : model.table().groups()) {
            for (int i = 0; i < group.size(); i++) {
                sum += strength / group.size() * Math.log(parameters.probabilities()[l++]);
            }
        }
        assertThat(logPrior).isCloseTo(sum, within(ROUNDING * Math.max(1, -sum)));
        return model.eStep(parameters).accumulate(data, statistics) + logPrior;
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void theMaximumIsHigherThanEverythingAround(Example example) {
        double[] counts = Example.total(example.counts(4, 3));
        IncompleteMultinomial model = counts(example);
        double[] fitted = new BatchEm<>(model)
                .fit(Observations.of(counts), 4, 1, BatchEm.Stopping.DEFAULTS)
                .parameters()
                .probabilities();
        double highest = example.logLikelihood(counts, fitted);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            double[] other = example.table().draw(random);
            double near = Math.pow(10, -random.nextInt(5));
            for (int l = 0; l < other.length; l++) {
                other[l] = near * other[l] + (1 - near) * fitted[l];
            }
            assertThat(example.logLikelihood(counts, other)).isLessThanOrEqualTo(highest + 1e-9);
        }
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void theLogLikelihoodIsThatOfTheCellsWithoutTheMultinomialCoefficient(Example example) {
        Observations data = example.counts(3, 10);
        CellParameters parameters = counts(example).start(data, new SplittableRandom(8));
        double found = counts(example)
                .eStep(parameters)
                .accumulate(data, counts(example).newStatistics());
        double expected = example.logLikelihood(Example.total(data), parameters.probabilities());

        assertThat(found).isCloseTo(expected, within(ROUNDING * Math.abs(expected)));
    }

    @Test
    void phenotypesAreSplitAsGenotypesAreCounted() {
        double[] alleles = {0.2, 0.1, 0.7};
        String[] phenotypes = {"A", "B", "AB", "O"};
        String[] latent = {"AA", "AO", "BB", "BO", "AB", "OO"};
        double[] genotypes = new double[latent.length];
        double[] ofPhenotypes = new double[phenotypes.length];
        for (int mother = 0; mother < 3; mother++) {
            for (int father = 0; father < 3; father++) {
                String genotype = "ABO".charAt(Math.min(mother, father)) + "" + "ABO".charAt(Math.max(mother, father));
                String phenotype = genotype.equals("OO") ? "O" : genotype.replace("O", "");
                phenotype = phenotype.equals("AA") || phenotype.equals("BB") ? phenotype.substring(1) : phenotype;
                genotypes[List.of(latent).indexOf(genotype)] += alleles[mother] * alleles[father];
                ofPhenotypes[List.of(phenotypes).indexOf(phenotype)] += alleles[mother] * alleles[father];
            }
        }
        EStep eStep = counts(Example.ABO).eStep(new CellParameters(Example.ABO.table(), alleles));

        Posterior a = eStep.score(Example.record(1, 0, 0, 0), 0, new double[0]);
        assertThat(a.logLikelihood()).isCloseTo(Math.log(ofPhenotypes[0]), within(ROUNDING));
        assertThat(a.probabilities())
                .containsExactly(
                        new double[] {genotypes[0] / ofPhenotypes[0], genotypes[1] / ofPhenotypes[0], 0, 0, 0, 0},
                        within(ROUNDING));
        Posterior mixed = eStep.score(Example.record(0, 3, 0, 1), 0, new double[0]);
        assertThat(mixed.probabilities())
                .containsExactly(
                        new double[] {
                            0, 0, 0.75 * genotypes[2] / ofPhenotypes[1], 0.75 * genotypes[3] / ofPhenotypes[1], 0, 0.25
                        },
                        within(ROUNDING));
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void aRecordWithoutCountsSaysNothing(Example example) {
        IncompleteMultinomial model = counts(example);
        CellParameters parameters = model.start(example.counts(1, 1), new SplittableRandom(1));
        Observations nothing = Observations.of(new double[model.width()]);
        Posterior posterior = model.eStep(parameters).score(nothing, 0, new double[0]);
        Statistics statistics = model.newStatistics();

        assertThat(posterior.logLikelihood()).isZero();
        assertThat(posterior.probabilities()).containsExactly(model.statistics(parameters), within(ROUNDING));
        assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(ROUNDING));
        assertThat(model.eStep(parameters).accumulate(nothing, statistics)).isZero();
        assertThat(statistics.sums()).containsOnly(0);
        assertThat(model.mStep(statistics.mean(), 1, parameters).probabilities())
                .isEqualTo(parameters.probabilities());
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void anySplitSumsToTheSameStatistics(Example example) {
        Observations data = example.counts(11, 50);
        IncompleteMultinomial model = counts(example);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));
        Statistics whole = model.newStatistics();
        double logLikelihood = eStep.accumulate(data, whole);
        for (int part : new int[] {1, 7, 49}) {
            Statistics merged = model.newStatistics();
            double mergedLogLikelihood = 0;
            for (int from = 0; from < data.size(); from += part) {
                Statistics statistics = model.newStatistics();
                mergedLogLikelihood +=
                        eStep.accumulate(data.slice(from, Math.min(data.size(), from + part)), statistics);
                merged.add(statistics);
            }
            assertThat(merged.observations()).isEqualTo(50);
            assertThat(merged.weight()).isEqualTo(50);
            assertThat(mergedLogLikelihood).isCloseTo(logLikelihood, within(ROUNDING * Math.abs(logLikelihood)));
            assertThat(merged.sums()).containsExactly(whole.sums(), within(ROUNDING * largest(whole.sums())));
        }
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void aRecordOfWeightThreeCountsAsThree(Example example) {
        Observations data = example.counts(8, 30);
        Observations weighted = new Observations();
        Observations copied = new Observations();
        for (int i = 0; i < data.size(); i++) {
            weighted.add(data.record(i), 0, data.length(i), 1 + i % 3);
            for (int copy = 0; copy < 1 + i % 3; copy++) {
                copied.add(data, i);
            }
        }
        assertSameStatistics(counts(example), weighted, counts(example), copied);
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void countsSayTheSameAsThatManySingleCells(Example example) {
        Observations counted = example.counts(5, 8);
        Observations single = new Observations();
        Observations weighted = new Observations();
        for (int i = 0; i < counted.size(); i++) {
            for (int c = 0; c < counted.length(i); c++) {
                double count = counted.value(i, c);
                for (int copy = 0; copy < count; copy++) {
                    single.add(new double[] {code(example, c)});
                }
                if (count > 0) {
                    weighted.add(new double[] {code(example, c)}, 0, 1, count);
                }
            }
        }
        IncompleteMultinomial ofSingleCells = IncompleteMultinomial.ofSingleCells(example.table());
        assertSameSums(counts(example), counted, ofSingleCells, single);
        assertSameStatistics(ofSingleCells, weighted, ofSingleCells, single);
    }

    private static void assertSameStatistics(
            IncompleteMultinomial one, Observations data, IncompleteMultinomial other, Observations expected) {
        assertThat(data.totalWeight()).isEqualTo(expected.totalWeight());
        assertSameSums(one, data, other, expected);
    }

    private static void assertSameSums(
            IncompleteMultinomial one, Observations data, IncompleteMultinomial other, Observations expected) {
        CellParameters parameters = one.start(data, new SplittableRandom(2));
        Statistics found = one.newStatistics();
        Statistics wanted = other.newStatistics();
        double logLikelihood = one.eStep(parameters).accumulate(data, found);
        double expectedLogLikelihood = other.eStep(parameters).accumulate(expected, wanted);

        assertThat(found.weight()).isEqualTo(data.totalWeight());
        assertThat(logLikelihood).isCloseTo(expectedLogLikelihood, within(ROUNDING * Math.abs(expectedLogLikelihood)));
        assertThat(found.sums()).containsExactly(wanted.sums(), within(ROUNDING * largest(wanted.sums())));
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void scoringAndLearningAgreeOnTheLikelihoodOfEveryRecord(Example example) {
        Observations data = example.counts(6, 20);
        IncompleteMultinomial model = counts(example);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        for (int i = 0; i < data.size(); i++) {
            Posterior posterior = eStep.score(data, i, new double[0]);
            Statistics statistics = model.newStatistics();
            double alone = eStep.accumulate(data.slice(i, i + 1), statistics);
            double total = Arrays.stream(data.record(i)).sum();
            assertThat(posterior.logLikelihood()).isEqualTo(alone);
            assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(ROUNDING));
            assertThat(posterior.probabilities())
                    .containsExactly(
                            Arrays.stream(statistics.sums())
                                    .map(count -> count / total)
                                    .toArray(),
                            within(ROUNDING));
        }
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void parametersAreReadBackBitForBitFromFieldsAndJson(Example example) {
        IncompleteMultinomial model = counts(example);
        for (long seed = 1; seed <= 20; seed++) {
            CellParameters parameters = model.start(example.counts(1, 1), new SplittableRandom(seed));
            for (int iteration = 0; iteration < 3; iteration++) {
                assertThat(model.read(parameters.fields()).probabilities()).isEqualTo(parameters.probabilities());
                assertThat(model.read(throughJson(parameters.fields())).probabilities())
                        .isEqualTo(parameters.probabilities());
                double[] counts = Example.total(example.counts(seed, 1));
                counts[(int) seed % counts.length] = 0;
                Statistics statistics = model.newStatistics();
                model.eStep(parameters).accumulate(Observations.of(counts), statistics);
                parameters = model.mStep(statistics.sums(), 1, parameters);
            }
        }
    }

    private static Fields throughJson(Fields fields) {
        JsonFactory factory = new JsonFactory();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
            FieldsJson.write(generator, fields);
        }
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes.toByteArray())) {
            parser.nextToken();
            return FieldsJson.read(parser);
        }
    }

    @Test
    void fieldsNameProbabilitiesAndFittedCells() {
        Fields fields = new CellParameters(Example.ABO.table(), new double[] {0.25, 0.25, 0.5}).fields();
        Fields linkage = new CellParameters(Example.LINKAGE.table(), new double[] {0.25, 0.75}).fields();

        assertThat(fields.names()).containsExactly("probabilities", "cells");
        assertThat(((Fields) fields.get("probabilities")).names()).containsExactly("A", "B", "O");
        assertThat(((Fields) fields.get("cells")).names()).containsExactly("A", "B", "AB", "O");
        assertThat((Double) ((Fields) fields.get("cells")).get("A")).isCloseTo(0.3125, within(ROUNDING));
        assertThat(((Fields) linkage.get("probabilities")).names()).containsExactly("p");
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void statisticsOfParametersAreThoseWhoseMStepGivesThem(Example example) {
        IncompleteMultinomial model = counts(example);
        CellParameters parameters = model.start(example.counts(1, 1), new SplittableRandom(7));

        assertThat(model.mStep(model.statistics(parameters), 100, parameters).probabilities())
                .containsExactly(parameters.probabilities(), within(ROUNDING));
    }

    @Test
    void aProbabilityThatNothingSpeaksForStaysAboveZeroAndComesBack() {
        IncompleteMultinomial model = counts(Example.ABO);
        BatchEm.Stopping stopping = BatchEm.Stopping.DEFAULTS;
        CellParameters without = new BatchEm<>(model)
                .fit(Example.record(40, 0, 0, 60), 2, 1, stopping)
                .parameters();
        BatchEm.Fit<CellParameters> back = new BatchEm<>(model).climb(Example.record(40, 5, 1, 60), without, stopping);
        BatchEm.Fit<CellParameters> fresh = new BatchEm<>(model).fit(Example.record(40, 5, 1, 60), 2, 1, stopping);

        assertThat(without.probabilities()[1]).isEqualTo(IncompleteMultinomial.SMALLEST_PROBABILITY);
        assertValid(without);
        assertThat(model.eStep(without)
                        .score(Example.record(0, 0, 1, 0), 0, new double[0])
                        .logLikelihood())
                .isFinite();
        assertThat(back.parameters().probabilities())
                .containsExactly(fresh.parameters().probabilities(), within(1e-6));
    }

    @Test
    void aPriorIsWorthAsManyDrawsAsItsStrength() {
        // with complete data the estimate is (n_l + strength / L) / (n + strength)
        CellTable complete = CellTable.read("a,b,c", "x = a; y = b; z = c");
        IncompleteMultinomial model = IncompleteMultinomial.ofCounts(complete).withPrior(6);
        Observations data = Observations.of(new double[] {2, 0, 1}, new double[] {2, 0, 9});
        BatchEm.Fit<CellParameters> fit = new BatchEm<>(model).fit(data, 1, 1, new BatchEm.Stopping(3, 0));

        assertThat(fit.parameters().probabilities())
                .containsExactly(new double[] {6.0 / 20, 2.0 / 20, 12.0 / 20}, within(ROUNDING));
        assertThatThrownBy(() -> model.withPrior(-1)).hasMessageContaining("prior strength is -1.0; expected");
        assertThatThrownBy(() -> model.withPrior(Double.NaN)).hasMessageContaining("prior strength is NaN");
    }

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void hardCountsGiveFiniteValidFits(Example example) {
        IncompleteMultinomial model = counts(example);
        int width = model.width();
        for (int cell = 0; cell < width; cell++) {
            for (double count : new double[] {Double.MIN_VALUE, 1e-300, 0.5, 1, 1e100}) {
                double[] record = new double[width];
                record[cell] = count;
                Observations data = Observations.of(record, new double[width], record);
                BatchEm.Fit<CellParameters> fit = new BatchEm<>(model).fit(data, 2, 1, new BatchEm.Stopping(50, 1e-12));
                assertValid(fit.parameters());
                assertThat(fit.logLikelihood()).isFinite();
                Posterior posterior = model.eStep(fit.parameters()).score(data, 0, new double[0]);
                assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(ROUNDING));
                assertThat(fit.degenerate()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 256})
    void aStreamOfPhenotypesTeachesTheAlleles(int miniBatch) {
        double[] truth = {0.25, 0.1, 0.65};
        int records = 100_000;
        Observations stream = phenotypes(truth, records);
        IncompleteMultinomial model = IncompleteMultinomial.ofSingleCells(Example.ABO.table());
        double[] batch = new BatchEm<>(model)
                .fit(stream, 1, 1, BatchEm.Stopping.DEFAULTS)
                .parameters()
                .probabilities();
        Learning learning = Learning.DEFAULTS
                .withStepSize(new StepSize.PowerDecay(0.7, 0))
                .withMiniBatch(miniBatch)
                .withAveragingAfter(10_000);
        ModelState<CellParameters> state = learn(model, learning, stream);

        assertThat(state.observations()).isEqualTo(records);
        // two alleles each, most of them seen: within three standard errors of the truth and of the batch estimate
        for (int l = 0; l < 3; l++) {
            double standardError = Math.sqrt(truth[l] * (1 - truth[l]) / records);
            assertThat(batch[l]).isCloseTo(truth[l], within(3 * standardError));
            assertThat(state.published().probabilities()[l]).isCloseTo(batch[l], within(3 * standardError));
        }
    }

    @Test
    void theSameSeedGivesTheSameModelBitForBit() {
        Observations stream = phenotypes(new double[] {0.25, 0.1, 0.65}, 3000);
        IncompleteMultinomial model = IncompleteMultinomial.ofSingleCells(Example.ABO.table());
        Learning learning = Learning.DEFAULTS.withWarmUp(100).withMiniBatch(7).withAveragingAfter(500);
        ModelState<CellParameters> one = learn(model, learning, stream);
        ModelState<CellParameters> other = learn(model, learning, stream);

        assertThat(one.published().probabilities()).isEqualTo(other.published().probabilities());
        assertThat(one.statistics()).isEqualTo(other.statistics());
        assertThat(one.scoredLogLikelihood()).isEqualTo(other.scoredLogLikelihood());
    }

    @Test
    void fullyObservedCellsLearnedWithTheRunningMeanAreTheBatchEstimate() {
        CellTable complete = CellTable.read("p,q", "pp = p^2; pq = 2 p q; qq = q^2");
        IncompleteMultinomial model = IncompleteMultinomial.ofCounts(complete);
        Observations data = new Observations();
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 300; i++) {
            data.add(random.ints(3, 0, 9).asDoubleStream().toArray());
        }
        double[] total = Example.total(data);
        double p = (2 * total[0] + total[1]) / (2 * Arrays.stream(total).sum());
        for (int miniBatch : new int[] {1, 16, 100}) {
            Learning learning = Learning.DEFAULTS
                    .withStepSize(new StepSize.PowerDecay(1, 0))
                    .withWarmUp(20)
                    .withMiniBatch(miniBatch);
            assertThat(learn(model, learning, data).published().probabilities()[0])
                    .isCloseTo(p, within(ROUNDING));
        }
    }

    @Test
    void countsThatAreNoCountsAreRejectedAndChangeNothing() {
        IncompleteMultinomial model = counts(Example.ABO);
        EStep eStep = model.eStep(model.start(Example.ABO.counts(1, 1), new SplittableRandom(1)));
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e101}) {
            Observations data = Observations.of(new double[] {1, 2, 3, 4}, new double[] {1, 2, wrong, 4});
            Statistics statistics = model.newStatistics();
            assertThatThrownBy(() -> eStep.accumulate(data, statistics))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("record 1 counts " + wrong + " in cell AB")
                    .hasMessageContaining("expected a count");
            assertThatThrownBy(() -> eStep.score(data, 1, new double[0])).hasMessageContaining("record 1 counts");
            assertThat(model.problem(data, 0)).isNull();
            assertThat(model.problem(data, 1).position()).isEqualTo(2);
            assertThat(statistics.sums()).containsOnly(0);
            assertThat(statistics.observations()).isZero();
        }
    }

    @Test
    void aCellThatIsNoneIsRejected() {
        IncompleteMultinomial model = IncompleteMultinomial.ofSingleCells(Example.ABO.table());
        for (double wrong : new double[] {0, 1, Observations.category("C"), Double.NaN, Double.POSITIVE_INFINITY}) {
            Observations data = Observations.of(new double[] {code(Example.ABO, 2)}, new double[] {wrong});
            EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));
            Statistics statistics = model.newStatistics();

            assertThat(model.problem(data, 0)).isNull();
            assertThat(model.problem(data, 1).position()).isZero();
            assertThatThrownBy(() -> eStep.accumulate(data, statistics))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("record 1 is of no cell")
                    .hasMessageContaining("expected the code of one of [A, B, AB, O]");
            assertThat(statistics.sums()).containsOnly(0);
        }
        assertThat(model.problem(Observations.of(new double[] {0}), 0))
                .isEqualTo(new Problem(0, "one of the cells A, B, AB, O"));
    }

    @Test
    void recordsOfAnotherWidthAreRejected() {
        IncompleteMultinomial model = counts(Example.ABO);
        Observations data = Example.record(1, 2, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));

        assertThatThrownBy(() -> eStep.accumulate(data, model.newStatistics()))
                .hasMessage("record 0 has 3 numbers; expected 4, the width of the model");
        assertThatThrownBy(() -> eStep.score(data, 0, new double[0])).hasMessageContaining("expected 4");
    }

    @Test
    void invalidParametersAreRejectedByName() {
        IncompleteMultinomial model = counts(Example.ABO);
        assertRejected(model, new Fields(), "parameters lack the field 'probabilities'");
        assertRejected(
                model,
                new Fields().with("probabilities", new double[] {0.2, 0.1, 0.7}),
                "parameters field 'probabilities' is an array of 3 numbers; expected named values");
        assertRejected(model, named("A", 0.2, "B", 0.1), "probability O is missing; expected a number from 0 to 1");
        assertRejected(model, named("A", 0.2, "B", 0.1, "O", 0.8), "of the group [A, B, O] are [0.2, 0.1, 0.8]");
        assertRejected(model, named("A", 1.2, "B", -0.9, "O", 0.7), "probability A is 1.2; expected");
        assertRejected(model, named("A", Double.NaN, "B", 0.3, "O", 0.7), "probability A is NaN; expected");
        assertRejected(model, named("A", 0.2, "B", "0.1", "O", 0.7), "probability B is 0.1; expected");
        assertRejected(model, named("A", 0.2, "B", 0.1, "O", 0.7, "a", 0.0), "probabilities hold 'a'; expected");
        assertRejected(counts(Example.LINKAGE), named("p", 0.5, "1-p", 0.5), "probabilities hold '1-p'; expected");
    }

    @Test
    void givenZerosAreRaisedToTheFloor() {
        double floor = IncompleteMultinomial.SMALLEST_PROBABILITY;
        assertThat(counts(Example.ABO).read(named("A", 0.0, "B", 0.0, "O", 1.0)).probabilities())
                .containsExactly(floor, floor, 1 - 2 * floor);
        assertValid(counts(Example.LINKAGE).read(named("p", 1.0)));
        assertValid(counts(Example.LINKAGE).read(named("p", 0.0)));
    }

    private static void assertRejected(IncompleteMultinomial model, Fields fields, String message) {
        assertThatThrownBy(() -> model.read(fields))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static Fields named(Object... namesAndValues) {
        Fields named = new Fields();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            named.with((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Fields().with("probabilities", named);
    }

    @Test
    void freeParametersAreThoseOfTheGroups() {
        assertThat(Example.all().stream().mapToInt(example -> counts(example).degreesOfFreedom()))
                .containsExactly(1, 2, 2, 1, 3);
        assertThat(counts(Example.ABO).components()).isEqualTo(6);
        assertThat(counts(Example.ABO).width()).isEqualTo(4);
        assertThat(IncompleteMultinomial.ofSingleCells(Example.ABO.table()).width())
                .isEqualTo(1);
    }

    private static double code(Example example, int cell) {
        return Observations.category(example.table().cells().get(cell));
    }

    private static IncompleteMultinomial counts(Example example) {
        return IncompleteMultinomial.ofCounts(example.table());
    }

    private static Observations phenotypes(double[] alleles, int records) {
        SplittableRandom random = new SplittableRandom(2026);
        double[] cells = Example.ABO.cells(alleles);
        Observations stream = new Observations(records, 1);
        for (int i = 0; i < records; i++) {
            double u = random.nextDouble();
            int cell = 0;
            while (cell < 3 && u >= cells[cell]) {
                u -= cells[cell++];
            }
            stream.add(new double[] {code(Example.ABO, cell)});
        }
        return stream;
    }

    private static ModelState<CellParameters> learn(IncompleteMultinomial model, Learning learning, Observations data) {
        OnlineLearner<CellParameters> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        for (int i = 0; i < data.size(); i++) {
            learner.learn(data, i, learner.score(data, i));
        }
        learner.flush();
        return learner.state();
    }

    private static void assertValid(CellParameters parameters) {
        int from = 0;
        for (CellTable.Group group : parameters.table().groups()) {
            double[] members = Arrays.copyOfRange(parameters.probabilities(), from, from + group.size());
            assertThat(Arrays.stream(members).sum()).isCloseTo(1, within(ROUNDING));
            assertThat(IntStream.range(0, members.length).mapToObj(i -> members[i]))
                    .allMatch(probability -> probability > 0 && probability < 1);
            from += group.size();
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}

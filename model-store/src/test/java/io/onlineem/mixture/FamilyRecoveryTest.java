package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.StepSize;
import io.onlineem.family.Draws;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.ProductFamily;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Parameters of two components found again in one online pass over 100,000 draws. Standard errors are those of batch EM on 20
 * parts of the draws, over √20.
 */
class FamilyRecoveryTest {

    private static final int RECORDS = 100_000;
    private static final int PARTS = 20;
    private static final double FIRST = 0.4;

    private static final double STANDARD_ERRORS = 3;
    private static final double SHARE = 0.01;

    /** Beyond four of its errors, an estimate from 20 parts is wrong, not unlucky. */
    private static final double BIASED = 4;

    /** What fields hold beside parameters. */
    private static final Set<String> COORDINATES = Set.of("scale", "exposure", "total", "trials", "categories");

    private static final Learning LEARNING = Learning.DEFAULTS
            .withStepSize(new StepSize.PowerDecay(0.65, 0))
            .withMiniBatch(64)
            .withAveragingAfter(20_000);

    private static final BatchEm.Stopping STOPPING = new BatchEm.Stopping(1000, 1e-8);

    private interface Component {
        double[] draw(SplittableRandom random, int component);
    }

    private static Family<?> family(String name, Map<String, String> options, String... features) {
        return new FamilySpec(name, List.of(features), options).build();
    }

    @Test
    void poisson() {
        Fields truth = new Fields().with("rates", new double[] {2, 9});
        recover(family("poisson", Map.of(), "x"), truth, (random, k) ->
                new double[] {Draws.poisson(random, k == 0 ? 2 : 9)});
    }

    @Test
    void poissonWithExposure() {
        Fields truth = new Fields().with("rates", new double[] {0.5, 3});
        recover(family("poisson", Map.of("exposure", "hours"), "x", "hours"), truth, (random, k) -> {
            double hours = 1 + 7 * random.nextDouble();
            return new double[] {Draws.poisson(random, hours * (k == 0 ? 0.5 : 3)), hours};
        });
    }

    @Test
    void exponential() {
        Fields truth = new Fields().with("rates", new double[][] {{1, 4}, {0.1, 0.5}});
        recover(family("exponential", Map.of(), "x", "y"), truth, (random, k) ->
                new double[] {Draws.gamma(random, 1, k == 0 ? 1 : 10), Draws.gamma(random, 1, k == 0 ? 0.25 : 2)});
    }

    @Test
    void gamma() {
        Fields truth = new Fields().with("shapes", new double[] {2, 30}).with("scales", new double[] {1.5, 0.5});
        recover(family("gamma", Map.of(), "x"), truth, (random, k) ->
                new double[] {k == 0 ? Draws.gamma(random, 2, 1.5) : Draws.gamma(random, 30, 0.5)});
    }

    @Test
    void bernoulli() {
        double[][] probabilities = {{0.9, 0.8, 0.2, 0.7, 0.1, 0.5}, {0.2, 0.3, 0.8, 0.3, 0.6, 0.4}};
        Fields truth = new Fields().with("probabilities", probabilities);
        recover(family("bernoulli", Map.of(), "a", "b", "c", "d", "e", "f"), truth, (random, k) -> DoubleStream.of(
                        probabilities[k])
                .map(p -> random.nextDouble() < p ? 1 : 0)
                .toArray());
    }

    @Test
    void binomial() {
        Fields truth = new Fields().with("probabilities", new double[] {0.2, 0.65});
        recover(family("binomial", Map.of("trials", "12"), "x"), truth, (random, k) ->
                new double[] {Draws.binomial(random, 12, k == 0 ? 0.2 : 0.65)});
    }

    @Test
    void vonMises() {
        Fields truth = new Fields().with("means", new double[] {8, 20}).with("concentrations", new double[] {4, 1.5});
        recover(
                family("von-mises", Map.of("period", "24"), "hour"), truth, (random, k) -> new double[] {
                    12 / Math.PI * Draws.vonMises(random, Math.PI / 12 * (k == 0 ? 8 : 20), k == 0 ? 4 : 1.5)
                });
    }

    @Test
    void multinomial() {
        double[][] probabilities = {{0.6, 0.3, 0.1}, {0.2, 0.3, 0.5}};
        Fields truth = new Fields().with("probabilities", probabilities);
        recover(family("multinomial", Map.of(), "a", "b", "c"), truth, (random, k) -> {
            double[] counts = new double[3];
            for (int draws = 5 + random.nextInt(10); draws > 0; draws--) {
                counts[Draws.category(random, probabilities[k])]++;
            }
            return counts;
        });
    }

    /** Three fields, since a mixture of single categories is a single one. */
    @Test
    void categorical() {
        double[][][] probabilities = {
            {{0.8, 0.15, 0.05}, {0.1, 0.2, 0.7}}, {{0.9, 0.1}, {0.2, 0.8}}, {{0.1, 0.7, 0.2}, {0.8, 0.1, 0.1}}
        };
        String[] texts = {"red", "green", "blue"};
        Map<String, Family<?>> families = new LinkedHashMap<>();
        Fields factors = new Fields();
        for (int j = 0; j < 3; j++) {
            String names = String.join(",", Arrays.copyOf(texts, probabilities[j][0].length));
            families.put("x" + j, family("categorical", Map.of("categories", names), "x" + j));
            factors.with("x" + j, new Fields().with("probabilities", probabilities[j]));
        }
        recover(new ProductFamily(families), new Fields().with("factors", factors), (random, k) -> IntStream.range(0, 3)
                .mapToDouble(j -> Observations.category(texts[Draws.category(random, probabilities[j][k])]))
                .toArray());
    }

    private static <P extends FamilyParameters> void recover(Family<P> family, Fields truth, Component component) {
        SplittableRandom random = new SplittableRandom(2026);
        Observations draws = new Observations(RECORDS, family.width());
        for (int i = 0; i < RECORDS; i++) {
            draws.add(component.draw(random, random.nextDouble() < FIRST ? 0 : 1));
        }
        Mixture<P> model = new Mixture<>(family, 2);
        MixtureParameters<P> start = model.read(
                new Fields().with("weights", new double[] {FIRST, 1 - FIRST}).withAll(truth));
        BatchEm<MixtureParameters<P>> batchEm = new BatchEm<>(model);
        MixtureParameters<P> batch = batchEm.climb(draws, start, STOPPING).parameters();
        double[] expected = numbers(batch);
        double[] errors = new double[expected.length];
        for (int part = 0; part < PARTS; part++) {
            Observations some = draws.slice(part * RECORDS / PARTS, (part + 1) * RECORDS / PARTS);
            double[] ofPart = numbers(batchEm.climb(some, batch, STOPPING).parameters());
            for (int p = 0; p < errors.length; p++) {
                errors[p] += Math.pow(ofPart[p] - expected[p], 2) / (PARTS - 1) / PARTS;
            }
        }
        OnlineLearner<MixtureParameters<P>> learner = new OnlineLearner<>(new OnlineEm<>(model, LEARNING), null);
        for (int i = 0; i < RECORDS; i++) {
            learner.learn(draws, i, null);
        }
        learner.flush();
        double[] online = numbers(learner.state().published());
        double[] swapped = numbers(swapped(model, learner.state().published()));
        double[] found = distance(online, expected) <= distance(swapped, expected) ? online : swapped;
        double[] given = numbers(start);
        for (int p = 0; p < expected.length; p++) {
            double error = Math.sqrt(errors[p]);
            assertThat(found[p])
                    .as("parameter %s of %s", p, batch.fields())
                    .isCloseTo(expected[p], within(Math.max(STANDARD_ERRORS * error, SHARE * Math.abs(expected[p]))));
            assertThat(expected[p]).as("parameter %s of the draws", p).isCloseTo(given[p], within(BIASED * error));
        }
    }

    private static double distance(double[] one, double[] other) {
        double distance = 0;
        for (int p = 0; p < one.length; p++) {
            distance += Math.abs(one[p] - other[p]) / (Math.abs(one[p]) + Math.abs(other[p]));
        }
        return distance;
    }

    /** The same parameters with the components in the other order. */
    private static <P extends FamilyParameters> MixtureParameters<P> swapped(
            Mixture<P> model, MixtureParameters<P> parameters) {
        return model.read(swapped(parameters.fields()));
    }

    private static Fields swapped(Fields fields) {
        Fields swapped = new Fields();
        for (String name : fields.names()) {
            Object value = fields.get(name);
            if (!COORDINATES.contains(name)) {
                if (value instanceof Fields nested) {
                    value = swapped(nested);
                } else if (value instanceof double[] vector) {
                    value = new double[] {vector[1], vector[0]};
                } else if (value instanceof double[][] matrix) {
                    value = new double[][] {matrix[1], matrix[0]};
                }
            }
            swapped.with(name, value);
        }
        return swapped;
    }

    private static double[] numbers(MixtureParameters<?> parameters) {
        return numbers(parameters.fields()).toArray();
    }

    private static DoubleStream numbers(Fields fields) {
        return fields.names().stream()
                .filter(name -> !COORDINATES.contains(name))
                .map(fields::get)
                .flatMapToDouble(value -> value instanceof Fields nested
                        ? numbers(nested)
                        : value instanceof double[] vector
                                ? DoubleStream.of(vector)
                                : Arrays.stream((double[][]) value).flatMapToDouble(Arrays::stream));
    }
}

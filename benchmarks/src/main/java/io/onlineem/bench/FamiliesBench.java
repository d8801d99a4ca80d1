package io.onlineem.bench;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.family.Families;
import io.onlineem.family.FamilySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * One core, E-step plus statistics of a mixture of every family, in turns with Gaussians of full covariance: what a family
 * costs.
 */
final class FamiliesBench {

    static final int RECORDS = 100_000;

    private static final int WIDTH = 4;
    private static final int COMPONENTS = 8;
    private static final int PASSES = 3;
    private static final String YARDSTICK = "gaussian";
    private static final double MISSING = 0.1;

    private static final List<Column> COLUMNS = List.of(
            new Column("family", "family", "%s"),
            new Column("nanosPerRecord", "ns/rec", "%,.0f"),
            new Column("relativeToGaussian", "Gaussian = 1", "%.2f"));

    private final int records;
    private final int rounds;
    private final Progress progress;

    FamiliesBench(int records, int rounds, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() {
        Workload yardstick = workload(YARDSTICK, 0);
        List<List<Object>> rows = new ArrayList<>();
        for (String family : Families.names()) {
            rows.add(measure(family, workload(family, 0), yardstick));
        }
        rows.add(measure("gaussian, 10 % missing", workload(YARDSTICK, MISSING), yardstick));
        return new Section(
                "families",
                "Families: one core, E-step and statistics, d = " + WIDTH + ", K = " + COMPONENTS,
                COLUMNS,
                rows,
                List.of(String.format(
                        Locale.ROOT,
                        "%,d records; best of %d passes in each of %d turns, in turns with full covariances;"
                                + " linear-regression: three covariates; categorical: four fields of five categories",
                        records,
                        PASSES,
                        rounds)));
    }

    private List<Object> measure(String name, Workload workload, Workload yardstick) {
        progress.say("family " + name);
        double best = Double.POSITIVE_INFINITY;
        double ofYardstick = Double.POSITIVE_INFINITY;
        for (int round = 0; round < rounds; round++) {
            best = Math.min(best, workload.nanosPerRecord());
            ofYardstick = Math.min(ofYardstick, yardstick.nanosPerRecord());
        }
        return List.of(name, best, best / ofYardstick);
    }

    private Workload workload(String family, double missing) {
        List<String> fields = IntStream.range(0, WIDTH).mapToObj(j -> "x" + j).toList();
        Map<String, String> options = Families.options(family).contains("trials") ? Map.of("trials", "20") : Map.of();
        List<FamilySpec> factors = Families.isJoint(family)
                ? List.of(new FamilySpec(family, fields, options))
                : fields.stream()
                        .map(field -> new FamilySpec(family, List.of(field), options))
                        .toList();
        return workload(ModelSpec.of("mixture", COMPONENTS, factors, Map.of()).build(), missing);
    }

    private <P extends Parameters> Workload workload(Model<P> model, double missing) {
        Observations data = draw(model.domains(), missing);
        P parameters = new BatchEm<>(model)
                .climb(
                        data.slice(0, Math.min(2000, data.size())),
                        model.start(data.slice(0, Math.min(2000, data.size())), new SplittableRandom(2)),
                        new BatchEm.Stopping(3, 0))
                .parameters();
        EStep eStep = model.eStep(parameters);
        return new Workload(data.size(), () -> eStep.accumulate(data, model.newStatistics()));
    }

    /** Records of a few kinds, in the domains of the family. */
    private Observations draw(List<Domain> domains, double missing) {
        SplittableRandom random = new SplittableRandom(1);
        Observations data = new Observations(records, domains.size());
        double[] record = new double[domains.size()];
        for (int i = 0; i < records; i++) {
            int kind = random.nextInt(4);
            for (int j = 0; j < record.length; j++) {
                record[j] = random.nextDouble() < missing
                        ? Double.NaN
                        : value(domains.get(j), 1 + (kind + j) % 4, random, data);
            }
            data.add(record);
        }
        return data;
    }

    private static double value(Domain domain, int level, SplittableRandom random, Observations texts) {
        return switch (domain) {
            case REAL -> 3 * level + random.nextGaussian();
            case NON_NEGATIVE, POSITIVE -> level * (0.1 + random.nextDouble());
            case COUNT -> random.nextInt(5 * level);
            case FLAG -> random.nextInt(5) < level ? 1 : 0;
            case CATEGORY, WORDS -> {
                String text = "category-" + random.nextInt(level + 1);
                double code = Observations.category(text);
                texts.addCategories(Map.of(code, text));
                yield code;
            }
        };
    }

    /** One pass over prepared data. */
    private static final class Workload {
        private final int records;
        private final DoubleSupplier pass;

        Workload(int records, DoubleSupplier pass) {
            this.records = records;
            this.pass = pass;
        }

        double nanosPerRecord() {
            double shortest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < PASSES; i++) {
                long begin = System.nanoTime();
                double logLikelihood = pass.getAsDouble();
                shortest = Math.min(shortest, (double) (System.nanoTime() - begin));
                if (!Double.isFinite(logLikelihood)) {
                    throw new IllegalStateException("the log-likelihood is " + logLikelihood);
                }
            }
            return shortest / records;
        }
    }
}

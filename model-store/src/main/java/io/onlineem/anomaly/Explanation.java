package io.onlineem.anomaly;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Imputation;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Why a record was unlikely: which of its fields, and what was expected of them. Any model that takes missing values explains
 * itself: a field is left out, and what the model expects in its place is compared with what came.
 *
 * <p>The share of field j is proportional to
 *
 * <pre>  e_j = max(0, log p(x̂_j | x_-j, past) - log p(x_j | x_-j, past)),    x̂_j = E[x_j | x_-j, past],</pre>
 *
 * which has no unit: of a Gaussian it is {@code z² / 2} for the conditional z-score. Fields are in the order of their shares,
 * and by the chain rule in that order their surprises {@code -log p(x_j | x_later, past)} add up to that of the record.
 *
 * @param surprise {@code -log p(x | past)}, natural logarithm, in the units of the record
 * @param component the most likely component or state of the record; -1 where there is none
 * @param typical the probability of that component before the record was seen, from 0 to 1; {@code NaN} where there is none
 * @param reasons one for each modelled field that was observed, largest share first; empty where records differ in length, and
 *     where values must not be missing
 */
public record Explanation(double surprise, int component, double typical, List<Reason> reasons) {

    /** Copies the list. */
    public Explanation {
        reasons = List.copyOf(reasons);
    }

    /** Widest record that is explained: the work grows with the width, times that of scoring incomplete records. */
    public static final int MOST_FIELDS = 256;

    /**
     * Explains a record.
     *
     * @param model the model
     * @param eStep its E-step with the parameters by which the record was scored
     * @param records a container
     * @param index the record
     * @param memory what its sequence carried before the record; not changed
     */
    public static Explanation of(Model<?> model, EStep eStep, Observations records, int index, double[] memory) {
        return new Explainer(model, eStep, records, index, memory).explain();
    }

    /**
     * The same of a record from which a season had been taken: values and what was expected are told as they came.
     *
     * @param season of each number of the record; null for none
     */
    public Explanation withSeason(double[] season) {
        return season == null
                ? this
                : new Explanation(
                        surprise,
                        component,
                        typical,
                        reasons.stream()
                                .map(reason -> reason.withSeason(season[reason.position()]))
                                .toList());
    }

    /** One record, whose fields are put in and out. */
    private static final class Explainer {
        private final Model<?> model;
        private final EStep eStep;
        private final double[] memory;
        private final Map<Double, String> categories;
        private final double[] original;
        private final double[] record;
        private final Posterior posterior;
        private final Observations changed;

        Explainer(Model<?> model, EStep eStep, Observations records, int index, double[] memory) {
            this.model = model;
            this.eStep = eStep;
            this.memory = memory;
            categories = records.categoriesOf(index);
            original = records.record(index);
            record = original.clone();
            posterior = eStep.score(records, index, memory.clone());
            changed = new Observations(1, original.length);
        }

        Explanation explain() {
            double surprise = -posterior.logLikelihood();
            if (model.width() == 0 || model.width() > MOST_FIELDS || !model.acceptsMissing()) {
                return new Explanation(surprise, posterior.mostLikely(), Double.NaN, List.of());
            }
            List<Field> fields = new ArrayList<>();
            double sum = 0;
            for (int j = 0; j < original.length; j++) {
                if (!Double.isNaN(original[j]) && !model.isGiven(j)) {
                    Field field = without(j);
                    fields.add(field);
                    sum += field.excess;
                }
            }
            fields.sort(Comparator.comparingDouble((Field field) -> -field.excess));
            List<Reason> reasons = new ArrayList<>();
            double logLikelihood = posterior.logLikelihood();
            Posterior rest = posterior;
            for (Field field : fields) {
                record[field.expected.position()] = Double.NaN;
                rest = score();
                reasons.add(reason(field, rest.logLikelihood() - logLikelihood, sum));
                logLikelihood = rest.logLikelihood();
            }
            int component = posterior.mostLikely();
            return new Explanation(
                    surprise, component, component < 0 ? Double.NaN : rest.probabilities()[component], reasons);
        }

        /** What is expected in the place of a number, and how much likelier the record would have been with it. */
        private Field without(int j) {
            record[j] = Double.NaN;
            Imputation.Value expected = null;
            for (Imputation.Value missing : score().missing()) {
                if (missing.position() == j) {
                    expected = missing;
                }
            }
            double excess = 0;
            if (expected != null) {
                record[j] = possible(expected);
                excess = score().logLikelihood() - posterior.logLikelihood();
            }
            record[j] = original[j];
            return new Field(
                    expected == null ? new Imputation.Value(j, Double.NaN, null) : expected, excess > 0 ? excess : 0);
        }

        /** The expected value, or the value nearest to it that the field may take. */
        private double possible(Imputation.Value expected) {
            if (expected.category() != null) {
                return Observations.category(expected.category());
            }
            Domain domain = model.domains().get(expected.position());
            boolean whole = domain == Domain.COUNT || domain == Domain.FLAG;
            return whole ? Math.rint(expected.number()) : expected.number();
        }

        private Reason reason(Field field, double surprise, double sum) {
            Imputation.Value expected = field.expected;
            double value = original[expected.position()];
            return new Reason(
                    expected.position(),
                    value,
                    model.domains().get(expected.position()) == Domain.CATEGORY ? categories.get(value) : null,
                    expected.number(),
                    expected.deviation(),
                    expected.category(),
                    surprise,
                    sum > 0 ? field.excess / sum : 0,
                    0);
        }

        private Posterior score() {
            changed.clear();
            changed.add(record);
            return eStep.score(changed, 0, memory.clone());
        }
    }

    /** A field and how much likelier the record would be with what was expected of it. */
    private record Field(Imputation.Value expected, double excess) {}
}

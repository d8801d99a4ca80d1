package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.Observations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {

    private static final Differences DIFFERENCES = Differences.of(List.of(
            InputField.number("temperature"),
            new InputField("total", Domain.REAL, true, Transform.DIFFERENCE),
            new InputField("amount", Domain.REAL, false, Transform.LOG1P),
            new InputField("bytes", Domain.REAL, true, Transform.DIFFERENCE)));

    private static double[] difference(double[] record, double[] previous) {
        Observations into = new Observations();
        DIFFERENCES.append(Observations.of(record), 0, previous, into);
        return into.record(0);
    }

    @Test
    void keepsTheRawNumbersOfDifferencedFieldsOnly() {
        assertThat(DIFFERENCES.size()).isEqualTo(2);
        assertThat(DIFFERENCES.raw(Observations.of(new double[] {1, 2, 3, 4}), 0))
                .containsExactly(2, 4);
    }

    @Test
    void theFirstRecordOfAKeyHasNoDifferences() {
        assertThat(difference(new double[] {1, 2, 3, 4}, null)).containsExactly(1, Double.NaN, 3, Double.NaN);
    }

    @Test
    void subtractsThePreviousRecordWhereBothNumbersAreThere() {
        assertThat(difference(new double[] {1, 2, 3, 4}, new double[] {1.5, 10}))
                .containsExactly(1, 0.5, 3, -6);
        assertThat(difference(new double[] {1, 2, 3, Double.NaN}, new double[] {Double.NaN, 10}))
                .containsExactly(1, Double.NaN, 3, Double.NaN);
    }

    @Test
    void keepsTheWeightAndTheTexts() {
        Observations raw = new Observations();
        double code = Observations.category("DE");
        raw.add(new double[] {code, 2, 3, 4}, 0, 4, 2.5);
        raw.addCategories(Map.of(code, "DE"));

        Observations into = new Observations();
        DIFFERENCES.append(raw, 0, new double[] {1, 1}, into);

        assertThat(into.weight(0)).isEqualTo(2.5);
        assertThat(into.categoriesOf(0)).containsExactly(Map.entry(code, "DE"));
    }

    @Test
    void withoutDifferencedFieldsThereAreNone() {
        assertThat(Differences.of(InputField.numbers(List.of("x", "y"))).isEmpty())
                .isTrue();
        assertThat(DIFFERENCES.isEmpty()).isFalse();
    }
}

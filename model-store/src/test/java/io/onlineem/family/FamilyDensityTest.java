package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Observations;
import io.onlineem.mixture.Reference;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Log-densities and special functions beside numbers of 50 digits. A tolerance is 1e-12 of the number, or the rounding of the
 * largest of its terms where terms of opposite signs cancel.
 */
class FamilyDensityTest {

    private static final Reference NUMBERS = Reference.read("family-densities.json");

    private static final double SPECIAL_FUNCTION = 1e-13;

    static Stream<Arguments> cases() {
        return NUMBERS.each("cases").stream().map(reference -> Arguments.of(reference.text("name"), reference));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void logDensitiesAreThoseOfTheFormulae(String name, Reference reference) {
        check(
                new FamilySpec(reference.text("family"), reference.names("features"), reference.texts("options"))
                        .build(),
                reference);
    }

    private static <P extends FamilyParameters> void check(Family<P> family, Reference reference) {
        double[][] expected = reference.matrix("logDensities");
        double[][] tolerances = reference.matrix("tolerances");
        Observations records = reference.observations("records");
        Emissions emissions = family.prepare(family.read(reference.fields("parameters"), expected.length));
        double[] found = new double[expected.length];
        for (int i = 0; i < records.size(); i++) {
            assertThat(family.problem(records.values(), records.offset(i))).isNull();
            emissions.logDensities(records.values(), records.offset(i), found);
            for (int k = 0; k < found.length; k++) {
                assertThat(found[k])
                        .as("component %s, record %s", k, Arrays.toString(records.record(i)))
                        .isCloseTo(expected[k][i], within(tolerances[k][i]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("besselFunctions")
    void besselFunctionsHaveThirteenDigits(double x, double logI0, double oneMinusRatio) {
        assertThat(Bessel.logI0(x)).isCloseTo(logI0, within(SPECIAL_FUNCTION * logI0));
        assertThat(Bessel.oneMinusRatio(x)).isCloseTo(oneMinusRatio, within(SPECIAL_FUNCTION * oneMinusRatio));
    }

    static Stream<Arguments> besselFunctions() {
        return Arrays.stream(NUMBERS.matrix("bessel")).map(row -> Arguments.of(row[0], row[1], row[2]));
    }
}

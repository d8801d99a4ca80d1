package io.onlineem.hmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.mixture.Reference;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Yearly major earthquakes 1900 to 2006: two states, Poisson, stationary start (Zucchini and MacDonald 2009; R optim). */
class EarthquakesTest {

    private static final double SIX_DIGITS = 5e-4;
    private static final Reference REFERENCE = Reference.read("hmm-poisson-earthquakes.json");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theStationaryFitIsFoundFromAnySeed(long seed) {
        assertFit(new FamilySpec("poisson", List.of("count"), Map.of()).build(), seed);
    }

    private static <P extends FamilyParameters> void assertFit(Family<P> poisson, long seed) {
        Observations data = new Observations();
        for (double count : REFERENCE.vector("data")) {
            data.add(new double[] {count});
        }
        Hmm<P> model = Hmm.of(poisson, 2).withInitial(Initial.STATIONARY);
        BatchEm.Fit<HmmParameters<P>> fit = new BatchEm<>(model).fit(data, 8, seed, BatchEm.Stopping.DEFAULTS);
        HmmParameters<P> parameters = fit.parameters();
        double[] rates = parameters.emissions().fields().vector("rates", 2);
        int low = rates[0] < rates[1] ? 0 : 1;
        int high = 1 - low;

        assertThat(fit.logLikelihood()).isCloseTo(-342.318266788071, within(SIX_DIGITS));
        assertThat(rates[low]).isCloseTo(15.472275937662, fourDigits(15.47));
        assertThat(rates[high]).isCloseTo(26.125436866372, fourDigits(26.13));
        assertThat(parameters.transition()[low][high]).isCloseTo(0.06595949494765, fourDigits(0.066));
        assertThat(parameters.transition()[high][low]).isCloseTo(0.1285089972651, fourDigits(0.129));
        assertThat(parameters.initial()[low]).isCloseTo(0.6608216878882, fourDigits(0.661));
    }

    private static Offset<Double> fourDigits(double value) {
        return within(5e-4 * value);
    }
}

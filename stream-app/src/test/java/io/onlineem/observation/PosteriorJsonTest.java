package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Reason;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PosteriorJsonTest {

    /** Half of the ninth decimal, and the rounding of the scaled number. */
    private static final double HALF_A_DECIMAL = 0.5e-9 + 1e-12;

    private static String write(ScoredRecord scored, boolean full) {
        return new String(
                new PosteriorJson(full, List.of("temperature", "mode")).write(scored), StandardCharsets.UTF_8);
    }

    private static String logLikelihood(double value) {
        String json = write(new ScoredRecord("m", 1, new Posterior(new double[] {1}, value)), true);
        String name = "\"logLikelihood\":";
        return json.substring(json.indexOf(name) + name.length(), json.indexOf(",\"posterior\""));
    }

    @Test
    void aScoredRecordIsOneObjectWithTheWholePosteriorOrTheMostLikelyComponent() {
        ScoredRecord scored =
                new ScoredRecord("wind", 12, new Posterior(new double[] {0.0127, 0.25, 0.7373}, -7.1034825194));
        assertThat(write(scored, true))
                .isEqualTo("{\"model\":\"wind\",\"version\":12,\"status\":\"scored\",\"component\":2,"
                        + "\"logLikelihood\":-7.103482519,\"posterior\":[0.0127,0.25,0.7373]}");
        assertThat(write(scored, false))
                .isEqualTo("{\"model\":\"wind\",\"version\":12,\"status\":\"scored\",\"component\":2,"
                        + "\"logLikelihood\":-7.103482519,\"probability\":0.7373}");
    }

    @Test
    void missingValuesAreNamedWithWhatIsExpectedInTheirPlace() {
        ScoredRecord scored = new ScoredRecord(
                "pump",
                12,
                new Posterior(
                        new double[] {1},
                        -2,
                        List.of(
                                new Imputation.Value(1, Double.NaN, "idle \"low\""),
                                new Imputation.Value(0, 2.5e-12, null))));
        String json = write(scored, true);

        assertThat(json)
                .isEqualTo("{\"model\":\"pump\",\"version\":12,\"status\":\"scored\",\"component\":0,"
                        + "\"logLikelihood\":-2,\"posterior\":[1],"
                        + "\"missing\":{\"mode\":\"idle \\\"low\\\"\",\"temperature\":2.5E-12}}");
        assertThat(PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of("temperature", "mode")))
                .isEqualTo(scored);
        assertThatThrownBy(() -> PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of("mode")))
                .hasMessage("the value 'temperature' is missing from the record; expected one of [mode]");
    }

    @Test
    void howUnusualARecordIsComesLastWithItsReasons() {
        Explanation explanation = new Explanation(
                17.25,
                1,
                0.2,
                List.of(
                        new Reason(0, 812.4, null, 35.5, 11.75, null, 15, 0.9, 0),
                        new Reason(1, Observations.category("FR"), "FR", Double.NaN, Double.NaN, "DE", 2.25, 0.1, 0)));
        ScoredRecord scored = new ScoredRecord(
                "card",
                12,
                new Posterior(new double[] {0.25, 0.75}, -17.25),
                new Anomaly(0.94, 1.25e-5, 0.98, "card-17", explanation));
        String json =
                new String(new PosteriorJson(true, List.of("amount", "country")).write(scored), StandardCharsets.UTF_8);

        assertThat(json)
                .isEqualTo("{\"model\":\"card\",\"version\":12,\"status\":\"scored\",\"component\":1,"
                        + "\"logLikelihood\":-17.25,\"posterior\":[0.25,0.75],\"anomaly\":{\"score\":0.94,"
                        + "\"tailProbability\":1.25E-5,\"confidence\":0.98,\"incident\":\"card-17\","
                        + "\"explanation\":{\"summary\":\"amount is 812.4, expected 35.5, within 12 to 59 (90 %);"
                        + " country is FR, expected DE (10 %); nearest is component 1, expected with probability"
                        + " 0.2\",\"surprise\":17.25,\"component\":1,\"typical\":0.2,\"reasons\":["
                        + "{\"field\":\"amount\",\"value\":812.4,\"expected\":35.5,\"low\":12.0,\"high\":59.0,"
                        + "\"share\":0.9,\"surprise\":15.0},{\"field\":\"country\",\"value\":\"FR\","
                        + "\"expected\":\"DE\",\"share\":0.1,\"surprise\":2.25}]}}}");
        assertThat(PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of("amount", "country")))
                .isEqualTo(scored);
        assertThatThrownBy(() -> PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of("amount")))
                .hasMessage("a reason names the field 'country'; expected one of [amount]");
    }

    @Test
    void outputsAreWrittenWithTheWholePosterior() {
        Fields outputs = new Fields()
                .with("gain", 0.5)
                .with("mean", new double[] {1120.25, -2.5e-12, 0})
                .with("covariance", new double[][] {{4, 0.5}, {0.5, 1}});
        ScoredRecord scored = new ScoredRecord("nile", 3, new Posterior(new double[0], -6.125, List.of(), outputs));
        String json = write(scored, true);

        assertThat(json)
                .isEqualTo("{\"model\":\"nile\",\"version\":3,\"status\":\"scored\",\"logLikelihood\":-6.125,"
                        + "\"outputs\":{\"gain\":0.5,\"mean\":[1120.25,-2.5E-12,0],"
                        + "\"covariance\":[[4,0.5],[0.5,1]]}}");
        assertThat(PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of()))
                .isEqualTo(scored);
        assertThat(write(scored, false))
                .isEqualTo("{\"model\":\"nile\",\"version\":3,\"status\":\"scored\",\"logLikelihood\":-6.125}");
    }

    @Test
    void outputsStandBesideProbabilities() {
        ScoredRecord scored = new ScoredRecord(
                "regimes",
                3,
                new Posterior(
                        new double[] {0.25, 0.75}, -1, List.of(), new Fields().with("next", new double[] {0.5, 0.5})));
        String json = write(scored, true);

        assertThat(json).endsWith("\"posterior\":[0.25,0.75],\"outputs\":{\"next\":[0.5,0.5]}}");
        assertThat(PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of()))
                .isEqualTo(scored);
    }

    @Test
    void aModelWithoutComponentsMayHaveNothingToSayYet() {
        ScoredRecord scored = new ScoredRecord("nile", 3, new Posterior(new double[0], 0));
        String json = write(scored, true);

        assertThat(json).isEqualTo("{\"model\":\"nile\",\"version\":3,\"status\":\"scored\",\"logLikelihood\":0}");
        assertThat(PosteriorJson.read(json.getBytes(StandardCharsets.UTF_8), List.of()))
                .isEqualTo(scored);
    }

    @Test
    void aRecordOfTheWarmUpSaysSo() {
        assertThat(write(new ScoredRecord("wind", 0, null), true))
                .isEqualTo("{\"model\":\"wind\",\"version\":0,\"status\":\"warming-up\"}");
    }

    @Test
    void decimalsAreTheShortestWithAtMostNineDigits() {
        assertThat(logLikelihood(0)).isEqualTo("0");
        assertThat(logLikelihood(-0.0)).isEqualTo("0");
        assertThat(logLikelihood(-1e-10)).isEqualTo("0");
        assertThat(logLikelihood(1e-9)).isEqualTo("0.000000001");
        assertThat(logLikelihood(0.123456789)).isEqualTo("0.123456789");
        assertThat(logLikelihood(0.100000009)).isEqualTo("0.100000009");
        assertThat(logLikelihood(-0.9999999996)).isEqualTo("-1");
        assertThat(logLikelihood(-10)).isEqualTo("-10");
        assertThat(logLikelihood(1234567.5)).isEqualTo("1234567.5");
        assertThat(logLikelihood(1e12)).isEqualTo("1.0E12");
    }

    @Test
    void everyDecimalIsNearestToItsNumber() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            double number = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 9);
            String text = logLikelihood(number);
            assertThat(text).matches("-?(0|[1-9][0-9]*)(\\.[0-9]{0,8}[1-9])?");
            assertThat(Double.parseDouble(text)).isCloseTo(number, within(HALF_A_DECIMAL));
        }
    }

    @Test
    void largeVersionsAreWhole() {
        assertThat(write(new ScoredRecord("m", Long.MAX_VALUE, null), true))
                .contains("\"version\":9223372036854775807,");
        assertThat(write(new ScoredRecord("m", 1_000_000, null), true)).contains("\"version\":1000000,");
    }
}

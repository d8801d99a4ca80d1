package io.onlineem.multinomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.mixture.Reference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** Fits that others have published or found with other software, found again. */
class ReferenceCellsTest {

    /**
     * Eight decimals and more: the iterates of 1977 are printed with nine, of which the last is one too high in three of
     * them (the second, fourth and seventh), as whole numbers show.
     */
    private static final double PUBLISHED_ITERATE = 7e-10;

    /** What converged log-likelihoods of a few hundred differ by at most: twelve digits, where six are asked for. */
    private static final double LOG_LIKELIHOOD = 1e-9;

    /** Where the likelihood is flat to twelve digits, parameters differ in the seventh. */
    private static final double PARAMETER = 1e-6;

    @Test
    void theIteratesOfTheLinkageExampleAreThePublishedOnes() {
        Reference reference = Reference.read("grouped-multinomial-linkage.json");
        IncompleteMultinomial model = IncompleteMultinomial.ofCounts(Example.LINKAGE.table());
        Observations data = Observations.of(reference.vector("counts"));
        double[] published = reference.vector("em_iterates_from_half");
        CellParameters half = new CellParameters(Example.LINKAGE.table(), new double[] {0.5, 0.5});
        BigInteger numerator = BigInteger.ONE;
        BigInteger denominator = BigInteger.TWO;
        for (int i = 0; i < published.length; i++) {
            BatchEm.Fit<CellParameters> fit = new BatchEm<>(model).climb(data, half, new BatchEm.Stopping(i, 0));
            double p = fit.parameters().probabilities()[0];

            assertThat(fit.iterations()).isEqualTo(i);
            assertThat(p).isCloseTo(published[i], within(PUBLISHED_ITERATE));
            assertThat(p)
                    .isCloseTo(
                            new BigDecimal(numerator)
                                    .divide(new BigDecimal(denominator), MathContext.DECIMAL64)
                                    .doubleValue(),
                            within(1e-15));

            // p' = (125 p / (2 + p) + 34) / (125 p / (2 + p) + 72), in whole numbers
            BigInteger shared = numerator.multiply(BigInteger.valueOf(125));
            BigInteger two = denominator.multiply(BigInteger.TWO).add(numerator);
            numerator = shared.add(two.multiply(BigInteger.valueOf(34)));
            denominator = shared.add(two.multiply(BigInteger.valueOf(72)));
        }
    }

    @Test
    void theLinkageExampleIsFittedFromAnyStart() {
        Reference reference = Reference.read("grouped-multinomial-linkage.json");
        BatchEm.Fit<CellParameters> fit = fit(Example.LINKAGE, reference.vector("counts"));

        assertThat(fit.parameters().probabilities()[0]).isCloseTo(reference.number("mle"), within(PARAMETER));
    }

    @Test
    void aboAllelesAreThoseOfGeneCounting() {
        Reference reference = Reference.read("grouped-multinomial-abo.json");
        Reference phenotypes = reference.nested("phenotypes");
        Reference alleles = reference.nested("alleles");
        double[] counts = Example.ABO.table().cells().stream()
                .mapToDouble(phenotypes::number)
                .toArray();
        BatchEm.Fit<CellParameters> fit = fit(Example.ABO, counts);

        double logLikelihood = reference.number("loglik");
        assertThat(fit.logLikelihood()).isCloseTo(logLikelihood, within(LOG_LIKELIHOOD));
        assertThat(fit.converged()).isTrue();
        for (int l = 0; l < 3; l++) {
            String name = Example.ABO.table().probabilities().get(l);
            assertThat(fit.parameters().probabilities()[l]).isCloseTo(alleles.number(name), within(PARAMETER));
        }
    }

    @Test
    void groupedBinomialCountsAreFittedAsByDirectMaximisation() {
        // scipy 1.17.1, optimize.minimize on the log-likelihood of the four cells
        BatchEm.Fit<CellParameters> fit = fit(Example.GROUPED_BINOMIAL, 30, 35, 20, 15);

        assertThat(fit.parameters().probabilities()[0]).isCloseTo(0.24468142, within(PARAMETER));
        assertThat(fit.logLikelihood()).isCloseTo(-136.26229121855297, within(LOG_LIKELIHOOD));
    }

    @Test
    void aTableWithSupplementaryMarginsIsFittedAsByDirectMaximisation() {
        // scipy 1.17.1, optimize.minimize on the log-likelihood of the three samples
        BatchEm.Fit<CellParameters> fit = fit(Example.SUPPLEMENTARY_MARGINS, 100, 50, 75, 75, 30, 60, 28, 60);

        assertThat(fit.parameters().probabilities())
                .containsExactly(new double[] {0.27947488, 0.17402426, 0.2387191, 0.30778176}, within(PARAMETER));
        assertThat(fit.logLikelihood()).isCloseTo(-532.9209187971134, within(LOG_LIKELIHOOD));
    }

    @Test
    void twoGroupsAreFittedAsInClosedForm() {
        // inbreeding: p is the share of the allele, f is 1 - heterozygotes / expected heterozygotes (Li and Horvitz
        // 1953)
        BatchEm.Fit<CellParameters> fit = fit(Example.INBREEDING, 60, 20, 20);

        assertThat(fit.parameters().probabilities())
                .containsExactly(new double[] {11.0 / 21, 10.0 / 21, 0.7, 0.3}, within(PARAMETER));
    }

    private static BatchEm.Fit<CellParameters> fit(Example example, double... counts) {
        IncompleteMultinomial model = IncompleteMultinomial.ofCounts(example.table());
        return new BatchEm<>(model).fit(Observations.of(counts), 4, 1, BatchEm.Stopping.DEFAULTS);
    }
}

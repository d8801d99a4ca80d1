package io.onlineem.evaluation;

import static io.onlineem.evaluation.Examples.flags;
import static io.onlineem.evaluation.Examples.series;
import static io.onlineem.evaluation.Examples.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.evaluation.WindowedScore.Profile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WindowedScoreTest {

    /** 2 / (1 + e^-5) - 1 */
    private static final double AT_ONCE = 0.986614298151430;

    private static double score(Profile profile, double[] scores, int[]... windows) {
        return WindowedScore.at(1, List.of(series(scores, windows)), Probation.NONE, profile)
                .score();
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void noDetectionsAreZeroAndTheFirstRecordOfEveryWindowIsAHundred(Profile profile) {
        assertThat(score(profile, flags(40), window(10, 19), window(30, 34))).isZero();
        assertThat(score(profile, flags(40, 10, 30), window(10, 19), window(30, 34)))
                .isCloseTo(100, within(1e-12));
    }

    @Test
    void ofTheDetectionsInAWindowTheEarliestCounts() {
        // y = -5/10: (2 / (1 + e^-2.5) - 1) / (2 / (1 + e^-5) - 1) = 0.848284 / 0.986614; (0.859793 + 1) / 2
        double middle = 100 * (0.848283639957513 / AT_ONCE + 1) / 2;
        assertThat(score(Profile.STANDARD, flags(40, 15), window(10, 19))).isCloseTo(middle, within(1e-9));
        assertThat(score(Profile.STANDARD, flags(40, 15, 16, 19), window(10, 19)))
                .isCloseTo(middle, within(1e-9));
    }

    @Test
    void aFalseDetectionCostsWhatItsDistanceFromTheWindowBeforeSays() {
        // before any window: the whole weight, of 2 between nothing and perfect
        assertThat(score(Profile.STANDARD, flags(60, 3, 10), window(10, 19))).isCloseTo(100 - 5.5, within(1e-9));
        assertThat(score(Profile.LOW_FALSE_POSITIVES, flags(60, 3, 10), window(10, 19)))
                .isCloseTo(100 - 11, within(1e-9));
        // three records after it, in widths of the window less one: 2 / (1 + e^(15/9)) - 1 = -0.682262
        assertThat(score(Profile.STANDARD, flags(60, 10, 22), window(10, 19)))
                .isCloseTo(100 - 5.5 * 0.682262, within(1e-4));
        // beyond three widths the whole weight again
        assertThat(score(Profile.STANDARD, flags(60, 10, 59), window(10, 19))).isCloseTo(100 - 5.5, within(1e-9));
    }

    @Test
    void aMissCostsAWindowAndTwoWhereMissesAreDear() {
        int[][] windows = {window(10, 19), window(30, 34)};
        // standard: (1 - 1 + 2) / (2 + 2); dear: (1 - 2 + 4) / (2 + 4)
        assertThat(score(Profile.STANDARD, flags(40, 10), windows)).isCloseTo(50, within(1e-9));
        assertThat(score(Profile.LOW_FALSE_NEGATIVES, flags(40, 10), windows)).isCloseTo(50, within(1e-9));
        // with a false detection in front: -0.11 of 4 and of 6
        assertThat(score(Profile.STANDARD, flags(40, 0, 10), windows)).isCloseTo(50 - 2.75, within(1e-9));
        assertThat(score(Profile.LOW_FALSE_NEGATIVES, flags(40, 0, 10), windows))
                .isCloseTo(50 - 11.0 / 6, within(1e-9));
    }

    @Test
    void theProbationCountsNeitherDetectionsNorWindowsThatEndInIt() {
        ScoredSeries series = series(flags(40, 0, 3, 30), window(2, 5), window(30, 34));
        WindowedScore score = WindowedScore.at(1, List.of(series), Probation.ofRecords(6), Profile.STANDARD);
        assertThat(score.windows()).isEqualTo(1);
        assertThat(score.falseDetections()).isZero();
        assertThat(score.score()).isCloseTo(100, within(1e-12));
        assertThat(Probation.STANDARD.of(1000)).isEqualTo(150);
        assertThat(Probation.STANDARD.of(5007)).isEqualTo(750);
        assertThat(Probation.STANDARD.of(20_000)).isEqualTo(750);
    }

    @Test
    void oneThresholdServesTheWholeCollection() {
        ScoredSeries loud = series(new double[] {5, 5, 9, 5, 5, 5}, window(2, 2));
        ScoredSeries quiet = series(new double[] {0, 0, 3, 0, 0, 0}, window(2, 2));
        WindowedScore best = WindowedScore.best(List.of(loud, quiet), Probation.NONE, Profile.STANDARD);
        // at 9 one of two is found: 50; at 3 both, with 2 false before the window and 3 after it
        double after = 0.11 * (WindowedScore.sigmoid(1) + WindowedScore.sigmoid(2) + WindowedScore.sigmoid(3));
        double atThree = 100 * (2 - 0.22 + after + 2) / 4;
        assertThat(WindowedScore.at(9, List.of(loud, quiet), Probation.NONE, Profile.STANDARD)
                        .score())
                .isCloseTo(50, within(1e-9));
        assertThat(best.score()).isCloseTo(atThree, within(1e-9));
        assertThat(best.threshold()).isEqualTo(3);
        assertThat(best.found()).isEqualTo(2);
        assertThat(best.falseDetections()).isEqualTo(5);
    }

    @Test
    void theBestThresholdNeverScoresBelowNoDetections() {
        ScoredSeries upsideDown = series(new double[] {1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}, window(2, 2));
        WindowedScore best = WindowedScore.best(List.of(upsideDown), Probation.NONE, Profile.STANDARD);
        assertThat(best.score()).isBetween(0.0, 50.0);
        ScoredSeries alone = series(new double[] {Double.NaN, Double.NaN, Double.NaN}, window(2, 2));
        WindowedScore none = WindowedScore.best(List.of(alone), Probation.NONE, Profile.STANDARD);
        assertThat(none.score()).isZero();
        assertThat(none.threshold()).isInfinite();
    }

    @Test
    void aCollectionWithoutWindowsHasNoScore() {
        assertThatThrownBy(() -> score(Profile.STANDARD, flags(10, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no labelled window");
    }
}

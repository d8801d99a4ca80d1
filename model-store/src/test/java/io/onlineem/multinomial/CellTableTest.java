package io.onlineem.multinomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CellTableTest {

    /** Rounding of a handful of multiplications and logarithms. */
    private static final double ROUNDING = 1e-13;

    @ParameterizedTest
    @MethodSource("io.onlineem.multinomial.Example#all")
    void cellsHaveTheProbabilitiesThatTheirNotationSays(Example example) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20; i++) {
            double[] at = example.table().draw(random);
            assertThat(new CellShares(example.table(), at).probabilities())
                    .containsExactly(example.cells(at), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    x = 1/2 p + .5q ; y = 1/4*p+ 2 p/8 + q/2;                  | x, y | 4
                    x=p^2+2p q+q^2                                             | x    | 3
                    x = (p+q)^3                                                | x    | 4
                    x = (p + q) (p + q) / (1 + 1); y = 0 + 0.5                 | x, y | 4
                    x = 2 * p * q + p p; y = q^2                               | x, y | 3
                    x = 1 - q; y = 1-p                                         | x, y | 2
                    x = (1 - p) / 3 + 2/3 (1-p); y = ((1 - q)) / 2 + p/2       | x, y | 2
                    >=2 = p; <2 = q                                            | >=2, <2 | 2
                    """)
    void notationIsReadAsItIsWritten(String cells, String names, int latentCells) {
        CellTable table = CellTable.read("p, q", cells);
        assertThat(table.cells()).isEqualTo(List.of(names.split(", ")));
        assertThat(table.latentCells()).hasSize(latentCells);
    }

    @Test
    void likeTermsAreOneLatentCellInTheOrderInWhichTheyAreWritten() {
        CellTable table = CellTable.read("A,B,O", "A = A O + A^2 + O A; AB = 2 A B; rest = (1-A)^2");
        assertThat(table.latentCells())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        new Polynomial.Term(2, new int[] {1, 0, 1}),
                        new Polynomial.Term(1, new int[] {2, 0, 0}),
                        new Polynomial.Term(2, new int[] {1, 1, 0}),
                        new Polynomial.Term(1, new int[] {0, 2, 0}),
                        new Polynomial.Term(2, new int[] {0, 1, 1}),
                        new Polynomial.Term(1, new int[] {0, 0, 2}));
        assertThat(table.latentCounts()).containsExactly(2, 1, 3);
    }

    @Test
    void theComplementOfSeveralIsTheRestOfTheirGroup() {
        CellTable table = CellTable.read("A,B,O; p", "A = A; B = B; O p = (1 - A - B) p; other = O (1-p)");
        assertThat(table.latentCells().get(2).exponents()).containsExactly(0, 0, 1, 1, 0);
        assertThat(table.probabilities()).containsExactly("A", "B", "O", "p", "1-p");
    }

    @Test
    void cellsCanBePutInTheOrderOfTheRecords() {
        CellTable ordered = Example.ABO.table().ordered(List.of("O", "AB", "B", "A"));
        double[] at = {0.2, 0.1, 0.7};
        double[] cells = Example.ABO.cells(at);

        assertThat(ordered.cells()).containsExactly("O", "AB", "B", "A");
        assertThat(new CellShares(ordered, at).probabilities())
                .containsExactly(new double[] {cells[3], cells[2], cells[1], cells[0]}, within(ROUNDING));
        assertThatThrownBy(() -> Example.ABO.table().ordered(List.of("A", "B", "A", "O")))
                .hasMessage(
                        "features are [A, B, A, O]; expected for counts the names of the cells, [A, B, AB, O], each once;"
                                + " or one feature that names the cell of each record");
        assertThatThrownBy(() -> Example.ABO.table().ordered(List.of("A", "B", "AB")))
                .hasMessageContaining("features are [A, B, AB]; expected");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    x = p; y = r        | cells, character 12, at 'r': r is not one of the probabilities; expected one of [p, q]
                    x = 2pq             | cells, character 6, at 'pq': pq is not one of the probabilities
                    x = p - q           | cells, character 7, at '- q': expected no minus except in a complement
                    x = -p              | cells, character 5, at '-p': expected no minus
                    x = 1 - 2 q         | cells, character 7, at '- 2 q': expected no minus
                    x = 1 - p q         | cells, character 11, at 'q': expected ')', '+' or the end after a complement
                    x = 1 - p - p       | cells, character 13, at 'p': expected another probability of the group [p, q]
                    x = 1 - p - q       | cells, character 1, at 'x = 1 - p - q': the probability of the cell x is 0
                    x = 1 2 p           | cells, character 7, at '2 p': expected +, *, /, ^
                    x = 1 - r           | cells, character 9, at 'r': r is not one of the probabilities
                    x = p^0             | cells, character 7, at '0': expected a whole exponent from 1 to 1000
                    x = p^q             | cells, character 7, at 'q': expected a whole exponent
                    x = p^1.5           | cells, character 8, at '.5': expected
                    x = p / q           | cells, character 7, at '/ q': expected a division by a number other than 0
                    x = p / 0           | cells, character 7, at '/ 0': expected a division by a number other than 0
                    x = 1.2.3 p         | cells, character 5, at '1.2.3 p': expected a number, such as 2 or 0.25
                    x = (p + q          | cells, at the end: expected ')'
                    x = p) + q          | cells, character 6, at ') + q': expected +, *, /, ^
                    x = (p & q)         | cells, character 8, at '& q)': expected +, *, /, ^
                    x =                 | cells, at the end: expected a number, one of the probabilities [p, q], or '('
                    x = p + ; y = q     | cells, character 9, at '; y = q': expected a number
                    p                   | cells, character 1, at 'p': expected a cell, such as 'name = p/2 + q^2'
                    = p                 | cells, character 1, at '= p': expected a cell
                    x = p;; y = q       | cells, character 7, at '; y = q': expected a cell
                    x = p; x = q        | cells, character 8, at 'x = q': the cell x was there before
                    x = p + q; y = 0    | cells, character 12, at 'y = 0': the probability of the cell y is 0
                    x = p p^999 + qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq | at 'qqqqqqqqqqqqqqqqqqqqqqqq…'
                    """)
    void anErrorSaysWhereAndWhatWasExpected(String cells, String message) {
        assertThatThrownBy(() -> CellTable.read("p,q", cells))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    p,, q    | probabilities 'p,, q' hold the name ''; expected letters, digits and _
                    p; 2q    | probabilities 'p; 2q' hold the name '2q'
                    p; q-r   | probabilities 'p; q-r' hold the name 'q-r'
                    p,q; p   | probabilities 'p,q; p' hold the name p twice; expected each name once
                    """)
    void namesOfProbabilitiesAreChecked(String probabilities, String message) {
        assertThatThrownBy(() -> CellTable.read(probabilities, "x = p + q")).hasMessageContaining(message);
    }

    @Test
    void cellsThatDoNotSumToOneAreRejectedWithTheirSum() {
        assertThatThrownBy(() -> CellTable.read("A,B,O", "A = A^2 + 2 A O; B = B^2 + B O; AB = 2 A B; O = O^2"))
                .hasMessageStartingWith("the probabilities of the cells [A, B, AB, O] sum to 0.")
                .hasMessageContaining(" at A = 0.")
                .hasMessageContaining("expected 1 whatever the probabilities are");
        assertThatThrownBy(() -> CellTable.read("p", "x = 0.333 p; y = 0.333 p; z = 0.333 p + (1-p)"))
                .hasMessageContaining("Fractions are written as 1/3, not as 0.333");
    }

    @Test
    void everySampleSumsToOneByItself() {
        assertThatThrownBy(() -> CellTable.read("p,q", "x = p; y = q | z = p/2 + q"))
                .hasMessageStartingWith("the probabilities of the cells [z] sum to ");
        assertThatThrownBy(() -> CellTable.read("p,q", "x = p | y = q")).hasMessageContaining("cells [x] sum to ");
    }

    @Test
    void aProbabilityThatNoCellNeedsIsRejected() {
        assertThatThrownBy(() -> CellTable.read("p,q; r", "x = p; y = q"))
                .hasMessage(
                        "the probability r occurs in no cell, so that nothing can be learned of it; expected it in a"
                                + " cell, or not at all");
    }

    @Test
    void expressionsThatGrowBeyondMeasureAreRejected() {
        assertThatThrownBy(() -> CellTable.read("a,b,c,d,e,f", "x = (a+b+c+d+e+f)^1000"))
                .hasMessageContaining("expected at most 10000 terms");
        assertThatThrownBy(() -> CellTable.read("p,q", "x = ((p+q)^999)^1000"))
                .hasMessageContaining("expected at most 10000 terms");
        assertThatThrownBy(() -> CellTable.read("p", "x = " + "(".repeat(10_000)))
                .hasMessageContaining("expected parentheses at most 100 deep");
        assertThat(CellTable.read("p,q", "x = (p+q)^500").latentCells()).hasSize(501);
    }
}

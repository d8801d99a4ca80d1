package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindKindTest {

    @Test
    void goesFromTheCalmestToTheWindiest() {
        List<WindKind> kinds =
                WindKind.of(parameters(new double[] {0.5, 0.2, 0.3}, new double[][] {{20, 30}, {1, 3}, {9, 11}}), 3, 2);

        assertThat(kinds).extracting(WindKind::name).containsExactly("calm", "breezy", "windy");
        assertThat(kinds).extracting(WindKind::weight).containsExactly(0.2, 0.3, 0.5);
        assertThat(kinds).extracting(WindKind::mean).containsExactly(2.0, 10.0, 25.0);
        assertThat(kinds).extracting(WindKind::spread).containsOnly(5.0);
    }

    @Test
    void numbersMoreKindsThanThereAreWordsFor() {
        double[][] means = new double[6][2];

        assertThat(WindKind.of(parameters(new double[6], means), 6, 2))
                .extracting(WindKind::name)
                .containsExactly("1", "2", "3", "4", "5", "6");
    }

    private static Fields parameters(double[] weights, double[][] means) {
        double[][][] covariances = new double[weights.length][][];
        for (int k = 0; k < weights.length; k++) {
            // root mean square of 1 and 7
            covariances[k] = new double[][] {{1, 0}, {0, 49}};
        }
        return new Fields().with("weights", weights).with("means", means).with("covariances", covariances);
    }
}

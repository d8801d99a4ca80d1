package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoMiddles() {
        assertThat(Median.of(List.of(3.0, 1.0, 2.0), x -> x)).isEqualTo(2);
        assertThat(Median.of(List.of(4.0, 1.0, 2.0, 3.0), x -> x)).isEqualTo(2.5);
    }

    @Test
    void aQuantileIsAValueThatThatShareDoesNotExceed() {
        long[] values = {50, 10, 40, 20, 30};
        assertThat(Median.quantile(values, 0.5)).isEqualTo(30);
        assertThat(Median.quantile(values, 0.99)).isEqualTo(50);
        assertThat(Median.quantile(values, 0)).isEqualTo(10);
    }
}

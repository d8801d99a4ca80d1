package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.family.Families;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FamiliesBenchTest {

    @Test
    void everyFamilyHasItsCost() {
        Section section = new FamiliesBench(500, 1, new Progress(new PrintWriter(new StringWriter()))).run();
        assertThat(section.rows()).hasSize(Families.names().size() + 1);
        for (int row = 0; row < section.rows().size(); row++) {
            assertThat((Double) section.value(row, "nanosPerRecord")).isPositive();
            assertThat((Double) section.value(row, "relativeToGaussian")).isPositive();
        }
    }
}

package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TopicsBenchTest {

    @Test
    void documentsAreScoredAndLearnedFrom() throws Exception {
        Section section = new TopicsBench(300, 1, new Progress(new PrintWriter(new StringWriter()))).run();
        assertThat(section.rows()).hasSize(3);
        for (int row = 0; row < section.rows().size(); row++) {
            assertThat((Double) section.value(row, "scoreDocumentsPerSecond")).isPositive();
            assertThat((Double) section.value(row, "learnDocumentsPerSecond")).isPositive();
        }
    }
}

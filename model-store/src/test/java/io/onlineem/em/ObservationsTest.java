package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObservationsTest {

    @Test
    void marksOfSequencesAreFoundInOrder() {
        Observations records = sequences(3, 1, 2);

        assertThat(starts(records)).containsExactly(0, 3, 4);
        assertThat(records.nextSequence(0)).isEqualTo(3);
        assertThat(records.nextSequence(3)).isEqualTo(4);
        assertThat(records.nextSequence(4)).isEqualTo(6);
    }

    @Test
    void marksStayWithTheirRecordsWhenThoseAreCopied() {
        Observations records = sequences(3, 1, 2);
        Observations twice = new Observations();
        twice.addAll(records);
        twice.add(new double[] {0});
        twice.addAll(records);

        assertThat(starts(records.slice(2, 6))).containsExactly(1, 2);
        assertThat(starts(twice)).containsExactly(0, 3, 4, 7, 10, 11);
    }

    @Test
    void aClearedContainerHasNoMarks() {
        Observations records = sequences(2, 2);
        records.beginSequence();
        records.clear();
        records.add(new double[] {1});

        assertThat(starts(records)).isEmpty();
        assertThat(records.nextSequence(0)).isEqualTo(1);
    }

    private static int[] starts(Observations records) {
        return IntStream.range(0, records.size())
                .filter(records::startsSequence)
                .toArray();
    }

    private static Observations sequences(int... lengths) {
        Observations records = new Observations();
        for (int length : lengths) {
            records.beginSequence();
            for (int i = 0; i < length; i++) {
                records.add(new double[] {i});
            }
        }
        return records;
    }
}

package io.onlineem.cli;

import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All records of a file: those of a sequence together, wherever they stand in the file, and the order of the file. */
final class FileRecords {

    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<Observations> sequences = new ArrayList<>();
    private final Observations record = new Observations();

    /** The sequence of each record, in the order of the file. */
    private int[] order = new int[1024];

    private int size;

    /**
     * Adds the record of a source.
     *
     * @param sequence name of the sequence
     * @throws InvalidObservationException if it holds none; nothing is added then
     */
    void read(String sequence, Intake intake) {
        record.clear();
        intake.read(record);
        int number = numbers.computeIfAbsent(sequence, name -> sequences.size());
        if (number == sequences.size()) {
            sequences.add(new Observations());
        }
        sequences.get(number).add(record, 0);
        if (size == order.length) {
            order = Arrays.copyOf(order, 2 * size);
        }
        order[size++] = number;
    }

    /** Number of records. */
    int size() {
        return size;
    }

    /** Names of the sequences, in the order in which they begin. */
    List<String> names() {
        return List.copyOf(numbers.keySet());
    }

    /** The records of one sequence. */
    Observations sequence(int number) {
        return sequences.get(number);
    }

    /** Which sequence record {@code index} of the file belongs to. */
    int sequenceOf(int index) {
        return order[index];
    }

    /** One sequence after another, their beginnings marked. */
    Observations together() {
        Observations together = new Observations(Math.max(1, size), 4);
        for (Observations sequence : sequences) {
            together.beginSequence();
            together.addAll(sequence);
        }
        return together;
    }

    /** Where each record of the file is among all {@linkplain #together() together}. */
    int[] positions() {
        int[] next = new int[sequences.size()];
        for (int s = 1; s < next.length; s++) {
            next[s] = next[s - 1] + sequences.get(s - 1).size();
        }
        int[] positions = new int[size];
        for (int i = 0; i < size; i++) {
            positions[i] = next[order[i]]++;
        }
        return positions;
    }
}

package io.onlineem.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Subjects on one core, in turns with a native program. Each has the best of its passes, so that what else the machine does
 * counts for none.
 */
final class Turns {

    private final int items;
    private final int passes;
    private final int rounds;

    /** What the subjects compute, so that the compiler cannot leave it out. */
    private double sink;

    /** @param items records or documents of a pass */
    Turns(int items, int passes, int rounds) {
        this.items = items;
        this.passes = passes;
        this.rounds = rounds;
    }

    /**
     * Items per second, the highest of all turns.
     *
     * @param subjects of the subjects, in order
     * @param natives of the native program; empty without one
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Rates(double[] subjects, double[] natives) {

        /** The rate of the native program that a subject is compared with, or null. */
        Double nativeOf(int subject) {
            return natives.length == 0 ? null : natives[Math.min(subject, natives.length - 1)];
        }

        /** The rate of a subject. */
        Double of(int subject) {
            return subjects[subject];
        }

        /** The rate of a subject divided by that of the native program, or null. */
        Double ratio(int subject) {
            return natives.length == 0 ? null : subjects[subject] / nativeOf(subject);
        }

        /** Appends the native rate, the rate and the ratio of each of the first subjects. */
        void addTo(List<Object> row, int count) {
            for (int i = 0; i < count; i++) {
                row.add(nativeOf(i));
                row.add(of(i));
                row.add(ratio(i));
            }
        }
    }

    /**
     * Measures subjects after a turn that does not count.
     *
     * @param ceiling the native program; null if there is none
     * @param arguments of that program
     */
    Rates measure(NativeCeiling ceiling, int[] arguments, List<DoubleSupplier> subjects)
            throws IOException, InterruptedException {
        double[] rates = new double[subjects.size()];
        double[] natives = {};
        subjects.forEach(this::best);
        for (int round = 0; round < rounds; round++) {
            if (ceiling != null) {
                List<Double> measured = ceiling.recordsPerSecond(arguments);
                double[] higher = Arrays.copyOf(natives, measured.size());
                Arrays.setAll(higher, i -> Math.max(higher[i], measured.get(i)));
                natives = higher;
            }
            Arrays.setAll(rates, i -> Math.max(rates[i], best(subjects.get(i))));
        }
        return new Rates(rates, natives);
    }

    /** Items per second of the best pass. */
    private double best(DoubleSupplier work) {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < passes; i++) {
            long begin = System.nanoTime();
            sink += work.getAsDouble();
            shortest = Math.min(shortest, System.nanoTime() - begin);
        }
        if (!Double.isFinite(sink)) {
            throw new IllegalStateException("the log-likelihood is " + sink);
        }
        return items * 1e9 / shortest;
    }
}

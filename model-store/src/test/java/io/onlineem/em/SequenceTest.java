package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of a sequence whose filter remembers how many records it has seen, and the newest of them. */
class SequenceTest {

    private static final int MEMORY = 2;

    private static final EStep REMEMBERING = new EStep() {
        @Override
        public Posterior score(Observations records, int index, double[] memory) {
            double newest = memory[1];
            memory[0]++;
            memory[1] = records.value(index, 0);
            return new Posterior(new double[] {1}, memory[1] - newest);
        }

        @Override
        public double accumulate(Observations block, Statistics into) {
            throw new UnsupportedOperationException("blocks are looked at, not learned from");
        }
    };

    private static double value(int record) {
        return 100 + record * record;
    }

    private static long time(int record) {
        return 1_000_000L + 60L * record;
    }

    /** Scores and adds records from, …, to - 1, and takes blocks as they are complete. */
    private static void feed(Sequence sequence, int from, int to, List<Block> blocks) {
        for (int i = from; i < to; i++) {
            Observations record = Observations.of(new double[] {value(i)});
            double logLikelihood = sequence.score(REMEMBERING, record, 0).logLikelihood();
            sequence.add(record, 0, logLikelihood, time(i));
            takeAll(sequence, blocks);
        }
    }

    private static void takeAll(Sequence sequence, List<Block> blocks) {
        for (Block block = sequence.take(); block != null; block = sequence.take()) {
            blocks.add(block);
        }
    }

    private static void end(Sequence sequence, List<Block> blocks) {
        Block rest = sequence.end();
        if (rest != null) {
            blocks.add(rest);
        }
    }

    /** A sequence with the state of another, all of whose arrays are its own. */
    private static Sequence restored(Sequence sequence, Blocks blocks) {
        Sequence.State state = sequence.state();
        Observations pending = new Observations();
        pending.addAll(state.pending());
        return new Sequence(
                sequence.name(),
                blocks,
                new Sequence.State(
                        state.length(),
                        state.memory().clone(),
                        state.begins(),
                        state.newest(),
                        state.carried().stream().map(double[]::clone).toList(),
                        pending,
                        Arrays.copyOf(state.logLikelihoods(), pending.size()),
                        Arrays.copyOf(state.times(), pending.size())));
    }

    /** Checks that the blocks hold each record once, in order, with what was carried into it and what follows it. */
    private static void assertWhole(List<Block> blocks, int from, int to, int beginning) {
        int next = from;
        for (Block block : blocks) {
            Observations records = block.records();
            assertThat(block.sequence()).isEqualTo("pump");
            boolean begins = next == beginning;
            assertThat(records.memory())
                    .containsExactly(begins ? new double[MEMORY] : new double[] {next - beginning, value(next - 1)});
            assertThat(records.startsSequence(0)).isEqualTo(begins);
            assertThat(records.size()).isEqualTo(block.counted() + records.lookAhead());
            for (int i = 0; i < records.size(); i++) {
                assertThat(records.record(i)).containsExactly(value(next + i));
                assertThat(i > 0 && records.startsSequence(i)).isFalse();
            }
            for (int i = 0; i < block.counted(); i++, next++) {
                double before = next == beginning ? 0 : value(next - 1);
                assertThat(block.logLikelihoods()[i]).isEqualTo(value(next) - before);
                assertThat(block.times()[i]).isEqualTo(time(next));
            }
        }
        assertThat(next).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,1", "1,7", "3,0", "3,1", "3,3", "3,7", "4,8", "20,10", "50,0", "10,200"})
    void everyRecordIsInOneBlockWithWhatWasCarriedIntoItAndItsLookAhead(int length, int lookAhead) {
        for (int records = 0; records <= 3 * (length + 3); records++) {
            Sequence sequence = new Sequence("pump", new Blocks(length, lookAhead), MEMORY);
            List<Block> blocks = new ArrayList<>();
            feed(sequence, 0, records, blocks);

            assertThat(blocks)
                    .allMatch(block ->
                            block.counted() == length && block.records().lookAhead() == lookAhead);
            assertThat(sequence.pending()).isLessThan(length + lookAhead);
            assertThat(sequence.newest()).isEqualTo(records == 0 ? Long.MIN_VALUE : time(records - 1));
            end(sequence, blocks);
            assertWhole(blocks, 0, records, 0);
            assertThat(sequence.pending()).isZero();
            assertThat(sequence.end()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "3,1", "3,7", "20,10"})
    void afterItsEndItBeginsAnew(int length, int lookAhead) {
        Sequence sequence = new Sequence("pump", new Blocks(length, lookAhead), MEMORY);
        feed(sequence, 0, 31, new ArrayList<>());
        sequence.end();
        assertThat(sequence.newest()).isEqualTo(Long.MIN_VALUE);

        List<Block> blocks = new ArrayList<>();
        feed(sequence, 31, 75, blocks);
        end(sequence, blocks);
        assertWhole(blocks, 31, 75, 31);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,7", "3,1", "3,7", "4,8", "20,10"})
    void restoredFromItsStateAfterAnyRecordItGoesOnTheSame(int length, int lookAhead) {
        Blocks setting = new Blocks(length, lookAhead);
        List<Block> straight = new ArrayList<>();
        Sequence sequence = new Sequence("pump", setting, MEMORY);
        feed(sequence, 0, 100, straight);
        end(sequence, straight);

        List<Block> blocks = new ArrayList<>();
        sequence = restored(new Sequence("pump", setting, MEMORY), setting);
        for (int i = 0; i < 100; i++) {
            feed(sequence, i, i + 1, blocks);
            sequence = restored(sequence, setting);
        }
        end(sequence, blocks);
        // equal records of arrays and containers: compared part by part
        assertWhole(blocks, 0, 100, 0);
        assertThat(blocks.stream().map(Block::counted).toList())
                .isEqualTo(straight.stream().map(Block::counted).toList());
        assertThat(blocks.stream().map(block -> block.records().lookAhead()).toList())
                .isEqualTo(straight.stream()
                        .map(block -> block.records().lookAhead())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"3,7,5,2", "5,2,3,7", "20,10,1,0", "1,0,20,10", "4,8,4,0", "4,0,4,8", "1,30,1,0", "7,7,8,8"})
    void afterAChangeOfTheSettingsEveryRecordIsStillInOneBlock(int length, int lookAhead, int newLength, int newAhead) {
        for (int change = 0; change < 45; change++) {
            List<Block> blocks = new ArrayList<>();
            Sequence sequence = new Sequence("pump", new Blocks(length, lookAhead), MEMORY);
            feed(sequence, 0, change, blocks);
            sequence = restored(sequence, new Blocks(newLength, newAhead));
            if (change % 2 == 0) {
                takeAll(sequence, blocks);
            }
            feed(sequence, change, 100, blocks);

            assertThat(sequence.pending()).isLessThan(newLength + newAhead);
            assertThat(sequence.state().length()).isEqualTo(newLength);
            end(sequence, blocks);
            assertWhole(blocks, 0, 100, 0);
        }
    }

    @Test
    void itKeepsNoMoreThanOneBlockWithItsLookAhead() {
        Sequence sequence = new Sequence("pump", new Blocks(4, 9), MEMORY);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            feed(sequence, i, i + 1, blocks);
            Sequence.State state = sequence.state();
            assertThat(state.pending().size()).isLessThan(13);
            assertThat(state.carried()).hasSizeLessThanOrEqualTo(1 + 13 / 4);
            assertThat(state.logLikelihoods().length).isLessThanOrEqualTo(16);
            assertThat(state.times().length).isLessThanOrEqualTo(16);
        }
    }

    @Test
    void theNewestTimeIsTheLatestEvenIfRecordsComeLate() {
        Sequence sequence = new Sequence("pump", Blocks.DEFAULTS, MEMORY);
        Observations record = Observations.of(new double[] {1});
        sequence.add(record, 0, 0, 50);
        sequence.add(record, 0, 0, 40);

        assertThat(sequence.newest()).isEqualTo(50);
    }
}

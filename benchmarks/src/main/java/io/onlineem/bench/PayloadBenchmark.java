package io.onlineem.bench;

import io.onlineem.config.PosteriorContent;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.observation.ScoredRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a record costs at the edges of the topology: reading its JSON and writing its posterior, d = 4, K = 8. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class PayloadBenchmark {

    private static final int WIDTH = 4;
    private static final int COMPONENTS = 8;
    private static final int RECORDS = 1000;

    private final byte[][] observations = new byte[RECORDS][];
    private final ScoredRecord[] scored = new ScoredRecord[RECORDS];
    private final Observations into = new Observations();
    private final Serializer<ScoredRecord> full = new PosteriorSerde(PosteriorContent.FULL, List.of()).serializer();
    private final Serializer<ScoredRecord> mostLikely =
            new PosteriorSerde(PosteriorContent.MOST_LIKELY, List.of()).serializer();
    private final Serializer<ScoredRecord> binary = new PosteriorSerde(PosteriorContent.BINARY, List.of()).serializer();
    private JsonObservationReader reader;

    /** Draws observations and posteriors without zeros. */
    @Setup
    public void draw() {
        Workload workload = new Workload(WIDTH, COMPONENTS);
        reader = JsonObservationReader.ofNumbers(workload.fields(), 1 << 20);
        for (int i = 0; i < RECORDS; i++) {
            observations[i] = workload.next();
            double[] probabilities = new double[COMPONENTS];
            double total = 0;
            for (int k = 0; k < COMPONENTS; k++) {
                probabilities[k] = 1 + (i * 31 + k * 17) % 101;
                total += probabilities[k];
            }
            for (int k = 0; k < COMPONENTS; k++) {
                probabilities[k] /= total;
            }
            scored[i] = new ScoredRecord("bench", 1000 + i, new Posterior(probabilities, -7 - i / 997.0));
        }
    }

    /** Reads an observation. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int readObservation() {
        into.clear();
        for (byte[] observation : observations) {
            reader.read(observation, into);
        }
        return into.size();
    }

    /** Writes the whole posterior as JSON. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void writeFull(Blackhole blackhole) {
        write(full, blackhole);
    }

    /** Writes the most likely component as JSON. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void writeMostLikely(Blackhole blackhole) {
        write(mostLikely, blackhole);
    }

    /** Writes the whole posterior in binary form. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void writeBinary(Blackhole blackhole) {
        write(binary, blackhole);
    }

    private void write(Serializer<ScoredRecord> serializer, Blackhole blackhole) {
        for (ScoredRecord record : scored) {
            blackhole.consume(serializer.serialize("posteriors", record));
        }
    }
}

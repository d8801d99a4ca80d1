package io.onlineem.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The engine under JMH and its profilers: records per second of E-step and statistics. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBenchmark {

    private static final int RECORDS = 400 * EngineWorkload.MINI_BATCH;

    /** Width and components. */
    @Param({"1x2", "4x8", "16x16", "32x8"})
    public String size;

    private EngineWorkload workload;

    /** Draws the records. */
    @Setup
    public void draw() {
        int times = size.indexOf('x');
        workload = new EngineWorkload(
                Integer.parseInt(size.substring(0, times)), Integer.parseInt(size.substring(times + 1)), RECORDS);
    }

    /** One pass with an E-step prepared once. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public double pass() {
        return workload.pass();
    }

    /** An E-step prepared for every mini-batch. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public double miniBatches() {
        return workload.miniBatches();
    }
}

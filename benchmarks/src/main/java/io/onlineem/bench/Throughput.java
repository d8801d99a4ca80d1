package io.onlineem.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast a subject works through a topic that is already full. The end of the output topic is looked up many times a
 * second; the rate is taken between two of these samples, after start and warm-up and before the end.
 */
final class Throughput {

    private static final long SAMPLING_NANOS = 20_000_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final BenchBroker broker;
    private final String inputTopic;
    private final long records;
    private int runs;

    Throughput(BenchBroker broker, String inputTopic, long records) {
        this.broker = broker;
        this.inputTopic = inputTopic;
        this.records = records;
    }

    /**
     * What a run showed.
     *
     * @param recordsPerSecond records per second of wall-clock time
     * @param threadNanos processor time of the stream thread per record, in nanoseconds
     * @param bytesPerRecord size of the output topic by the number of records
     */
    record Rate(double recordsPerSecond, double threadNanos, double bytesPerRecord) {}

    private record Sample(long nanoTime, long offset, long threadNanos) {}

    /** Called when the measured part of a run begins and ends, with the name of the application. */
    interface Observer {

        /** Does nothing. */
        Observer NONE = new Observer() {};

        default void begins(String application) throws IOException {}

        default void ends() throws IOException {}

        /** Called when all is written and before the subject is closed. */
        default void isDone(String application) throws IOException, InterruptedException {}
    }

    Rate measure(Subject subject, Observer observer) throws Exception {
        String application = "bench-" + subject.label() + "-" + ++runs;
        String outputTopic = Subject.outputTopic(application);
        double bytes;
        List<Sample> samples;
        try (Subject.Running running = subject.start(broker, application, inputTopic)) {
            samples = sample(running, application, outputTopic, observer);
            observer.isDone(application);
            bytes = broker.bytesOf(outputTopic);
        }
        BenchBroker.delete(Subject.stateFolder(broker, application));
        broker.deleteTopicsOf(application);
        int first = 0;
        while (samples.get(first + 1).offset() < warmUp() && first + 2 < samples.size()) {
            first++;
        }
        int last = samples.size() - 2 > first ? samples.size() - 2 : samples.size() - 1;
        Sample from = samples.get(first);
        Sample to = samples.get(last);
        double count = to.offset() - from.offset();
        return new Rate(
                count * 1e9 / (to.nanoTime() - from.nanoTime()),
                (to.threadNanos() - from.threadNanos()) / count,
                bytes / records);
    }

    private long warmUp() {
        return records / 5;
    }

    /** Samples until all records are written; the last one is the first that has them all. */
    private List<Sample> sample(Subject.Running running, String application, String outputTopic, Observer observer)
            throws Exception {
        List<Sample> samples = new ArrayList<>();
        StreamThreadClock clock = new StreamThreadClock(application);
        long offset = 0;
        long progressed = System.nanoTime();
        boolean begun = false;
        while (offset < records) {
            LockSupport.parkNanos(SAMPLING_NANOS);
            long before = System.nanoTime();
            long newOffset = broker.endOffset(outputTopic);
            long after = System.nanoTime();
            if (newOffset > offset) {
                progressed = after;
            } else if (!running.state().isRunningOrRebalancing() || after - progressed > PATIENCE_NANOS) {
                throw new IllegalStateException("the application '" + application + "' has written " + offset + " of "
                        + records + " records and now nothing more; its state is " + running.state()
                        + ", and its log says why");
            }
            offset = newOffset;
            samples.add(new Sample(before + (after - before) / 2, offset, clock.nanoseconds()));
            if (!begun && offset >= warmUp()) {
                begun = true;
                observer.begins(application);
            }
        }
        observer.ends();
        return samples;
    }
}

package io.onlineem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Samples the stream thread with Java Flight Recorder and says where it was. A sample counts for the innermost
 * {@linkplain #STEPS step} on its stack.
 */
final class Profile implements Throughput.Observer, AutoCloseable {

    private static final String SAMPLE = "jdk.ExecutionSample";
    private static final Duration PERIOD = Duration.ofMillis(5);
    private static final int MOST_ROWS = 40;

    /** The steps of a record by the methods that do them: beginnings of class and method names without the package. */
    private static final Map<String, List<String>> STEPS = steps();

    private static final String REST = "rest of Kafka Streams: queues, metrics, time";

    private static Map<String, List<String>> steps() {
        Map<String, List<String>> steps = new LinkedHashMap<>();
        steps.put("read the JSON observation", List.of("JsonObservationReader.read"));
        steps.put("score it: E-step of one record", List.of("MixtureEStep.score"));
        steps.put(
                "keep it in a slot of the mini-batch, for restarts",
                List.of("SlotCodec.encode", "MeteredKeyValueStore.put"));
        steps.put("statistics of the mini-batch", List.of("MiniBatch.accumulate"));
        steps.put("read new parameters", List.of("SharedScoringProcessor.refreshParameters"));
        steps.put("blend, maximise and publish the model", List.of("BlendingProcessor.process"));
        steps.put("metrics of the model", List.of("MicrometerModelMetrics."));
        steps.put("write the posterior", List.of("PosteriorJson.write", "PosteriorBinary.encode"));
        steps.put("rest of the scoring processor", List.of("ScoringProcessor.", "SharedScoringProcessor."));
        steps.put("forward from node to node", List.of("ProcessorContextImpl.forward"));
        steps.put("hand a record to the producer", List.of("RecordCollectorImpl.send", "KafkaProducer.doSend"));
        steps.put("consumer: fetch and hand out records", List.of("StreamThread.pollPhase", "KafkaConsumer."));
        steps.put("commit", List.of("TaskManager.commit", "TaskManager.maybeCommit", "StreamThread.maybeCommit"));
        return steps;
    }

    private final Path file;
    private Recording recording;
    private String application;

    Profile() throws IOException {
        file = Files.createTempFile("online-em-bench-", ".jfr");
    }

    @Override
    public void begins(String profiled) {
        application = profiled;
        recording = new Recording();
        recording.enable(SAMPLE).withPeriod(PERIOD);
        recording.start();
    }

    @Override
    public void ends() throws IOException {
        recording.stop();
        recording.dump(file);
        recording.close();
    }

    /**
     * Where the time went.
     *
     * @param steps samples by step
     * @param methods samples by method, with all that it calls
     * @param samples all of them
     * @param threadNanos processor time of the thread per record, of which every sample stands for an equal part
     */
    record Result(Map<String, Integer> steps, Map<String, Integer> methods, int samples, double threadNanos) {

        double share(int count) {
            return 100.0 * count / Math.max(1, samples);
        }

        double nanos(int count) {
            return threadNanos * count / Math.max(1, samples);
        }
    }

    /** What was recorded of a run with this processor time of the thread per record. */
    Result result(double threadNanos) throws IOException {
        Map<String, Integer> steps = new HashMap<>();
        Map<String, Integer> methods = new HashMap<>();
        int samples = 0;
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (!event.getEventType().getName().equals(SAMPLE)
                        || event.getStackTrace() == null
                        || !StreamThreadClock.isStreamThread(
                                event.getThread("sampledThread").getJavaName(), application)) {
                    continue;
                }
                samples++;
                List<String> stack = event.getStackTrace().getFrames().stream()
                        .map(Profile::name)
                        .toList();
                steps.merge(step(stack), 1, Integer::sum);
                Set<String> seen = new HashSet<>(stack);
                seen.removeIf(frame -> Character.isDigit(frame.charAt(0)));
                seen.forEach(frame -> methods.merge(frame, 1, Integer::sum));
            }
        }
        return new Result(steps, methods, samples, threadNanos);
    }

    /** The profile of online EM beside that of the copy. */
    static Section section(Result onlineEm, Result copy) {
        List<List<Object>> rows = new ArrayList<>();
        addRows(rows, "step", onlineEm, onlineEm.steps(), copy, copy.steps());
        addRows(rows, "method with all it calls", onlineEm, onlineEm.methods(), copy, copy.methods());
        return new Section(
                "profile",
                "Profile of the stream thread, the whole posterior as JSON",
                List.of(
                        new Column("what", "what", "%s"),
                        new Column("name", "name", "%s"),
                        new Column("share", "share %", "%.1f"),
                        new Column("nanosPerRecord", "ns/rec", "%,.0f"),
                        new Column("copyNanosPerRecord", "copy ns/rec", "%,.0f")),
                rows,
                List.of(
                        onlineEm.samples() + " samples of Java code by Java Flight Recorder, " + copy.samples()
                                + " of the copy; time in the kernel and in native code is not sampled",
                        "steps exclude each other, methods do not"));
    }

    private static void addRows(
            List<List<Object>> rows,
            String what,
            Result onlineEm,
            Map<String, Integer> counts,
            Result copy,
            Map<String, Integer> copyCounts) {
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_ROWS)
                .forEach(entry -> rows.add(List.of(
                        what,
                        entry.getKey(),
                        onlineEm.share(entry.getValue()),
                        onlineEm.nanos(entry.getValue()),
                        copy.nanos(copyCounts.getOrDefault(entry.getKey(), 0)))));
    }

    private static String step(List<String> stack) {
        for (String frame : stack) {
            for (Map.Entry<String, List<String>> step : STEPS.entrySet()) {
                if (step.getValue().stream().anyMatch(frame::startsWith)) {
                    return step.getKey();
                }
            }
        }
        return REST;
    }

    /** Class and method without the package; lambdas and hidden classes begin with a digit. */
    private static String name(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "."
                + frame.getMethod().getName();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}

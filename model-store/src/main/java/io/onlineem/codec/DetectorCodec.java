package io.onlineem.codec;

import io.onlineem.anomaly.AnomalyScorer;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Incident;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is kept of one watched stream: where its incidents have got to, then the calibration of its scores, see {@link
 * ScorerCodec}. Big-endian, after the header of {@link Format}:
 *
 * <table>
 * <caption>Layout</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>8</td><td>number of incidents so far</td></tr>
 * <tr><td>8 + 8</td><td>quiet records, and tail probability of the last peak</td></tr>
 * <tr><td>8 + 8 + 8</td><td>time of the newest record; mean interval, and over how many records</td></tr>
 * <tr><td>8 + 8</td><td>shift by feedback; number of the newest feedback</td></tr>
 * <tr><td>4 + 8 each</td><td>number of peaks that are remembered, and their tail probabilities, oldest first</td></tr>
 * <tr><td>8 + 8</td><td>under a share of false discoveries: number of tests, and what discoveries have earned</td></tr>
 * <tr><td>1</td><td>1 if an incident is open, then:</td></tr>
 * <tr><td>1 + 1</td><td>1 if nobody was told of it; 1 if it has become worse since it opened</td></tr>
 * <tr><td>4 + n</td><td>length and UTF-8 bytes of its id</td></tr>
 * <tr><td>5 × 8</td><td>start, end, records, alarms, time of the peak</td></tr>
 * <tr><td>3 × 8</td><td>score and tail probability of the peak, threshold</td></tr>
 * <tr><td>4, each 4 + 8 n</td><td>number of seasons; what is remembered of each</td></tr>
 * <tr><td>rest</td><td>the calibration</td></tr>
 * </table>
 */
public final class DetectorCodec {

    private DetectorCodec() {}

    /** Encodes a detector. */
    public static byte[] encode(Detector detector) {
        Detector.State state = detector.state();
        ByteWriter writer = new ByteWriter(Format.DETECTOR, 256)
                .int64(state.number())
                .int64(state.quiet())
                .number(state.lastPeak())
                .int64(state.newest())
                .number(state.interval())
                .number(state.intervals())
                .number(state.shift())
                .int64(state.feedback())
                .vector(state.peaks().stream().mapToDouble(Double::doubleValue).toArray())
                .int64(state.tests().number())
                .number(state.tests().earned());
        Incident open = state.open();
        writer.int8(open == null ? 0 : 1);
        if (open != null) {
            writer.int8(state.silent() ? 1 : 0)
                    .int8(open.status() == Incident.Status.UPDATED ? 1 : 0)
                    .text(open.id())
                    .int64(open.start())
                    .int64(open.end())
                    .int64(open.records())
                    .int64(open.alarms())
                    .int64(open.peakTime())
                    .number(open.peakScore())
                    .number(open.peakProbability())
                    .number(open.threshold());
        }
        writer.int32(detector.seasons().size());
        detector.seasons().forEach(writer::vector);
        return writer.raw(ScorerCodec.encode(detector.scorer())).toBytes();
    }

    /**
     * Decodes a detector. Under other settings what is watched as before goes on, and the rest begins anew.
     *
     * @param stream name of the stream
     * @throws CodecException if the bytes are corrupt or of a newer version
     */
    public static Detector decode(byte[] bytes, Detection detection, String stream) {
        ByteReader reader = new ByteReader(bytes, Format.DETECTOR);
        long number = reader.int64();
        long quiet = reader.int64();
        double lastPeak = reader.number();
        long newest = reader.int64();
        double interval = reader.number();
        double intervals = reader.number();
        double shift = reader.number();
        long feedback = reader.int64();
        List<Double> peaks = Arrays.stream(reader.vector()).boxed().toList();
        Detector.Tests tests = tests(reader);
        boolean isOpen = reader.flag("whether an incident is open");
        boolean silent = isOpen && reader.flag("whether nobody was told of the incident");
        Incident open = isOpen ? incident(reader) : null;
        Detector.State state = new Detector.State(
                number, open, quiet, lastPeak, newest, interval, intervals, shift, silent, feedback, peaks, tests);
        int count = reader.count(Integer.BYTES);
        List<double[]> seasons = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seasons.add(reader.vector());
        }
        AnomalyScorer scorer = ScorerCodec.decode(reader.rest(), detection.calibration());
        try {
            return new Detector(detection, stream, scorer, seasons, state);
        } catch (IllegalArgumentException e) {
            throw reader.corrupt(e);
        }
    }

    private static Detector.Tests tests(ByteReader reader) {
        long number = reader.int64();
        double earned = reader.number();
        try {
            return new Detector.Tests(number, earned);
        } catch (IllegalArgumentException e) {
            throw reader.corrupt(e);
        }
    }

    private static Incident incident(ByteReader reader) {
        boolean updated = reader.flag("whether the incident has become worse");
        String id = reader.text();
        long start = reader.int64();
        long end = reader.int64();
        long records = reader.int64();
        long alarms = reader.int64();
        long peakTime = reader.int64();
        double peakScore = reader.number();
        double peakProbability = reader.number();
        return new Incident(
                id,
                updated ? Incident.Status.UPDATED : Incident.Status.OPENED,
                start,
                end,
                records,
                alarms,
                peakTime,
                peakScore,
                peakProbability,
                reader.number());
    }
}

package io.onlineem.codec;

import io.onlineem.anomaly.AnomalyScorer;
import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.ChannelState;
import io.onlineem.anomaly.GeneralizedPareto;
import io.onlineem.anomaly.Tail;
import io.onlineem.anomaly.TailState;
import java.util.ArrayList;
import java.util.List;

/**
 * The calibration of a stream's surprises, an {@link AnomalyScorer}: it goes on bit for bit where it was written.
 *
 * <table>
 * <caption>Layout, version 1</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>1</td><td>1 if there is a combination of the channels, otherwise 0</td></tr>
 * <tr><td>8, 4, 8</td><td>newest peak, records since then, lasting surprise</td></tr>
 * <tr><td>4 + 8 n</td><td>level of the surprises, its weight, and the surprises that channels look back on, oldest first</td></tr>
 * <tr><td>4 + 8 n</td><td>the same of records by themselves</td></tr>
 * <tr><td>4</td><td>number of channels, then of each:</td></tr>
 * <tr><td>4 + n</td><td>its label, in UTF-8</td></tr>
 * <tr><td>4 + 8 n</td><td>its tail, if that is robust, otherwise empty</td></tr>
 * <tr><td>4 + 8 n</td><td>peaks so far, if the tail is robust</td></tr>
 * <tr><td>4, each 4 + 8 n</td><td>number of fields that it remembers values of; what it remembers of each</td></tr>
 * <tr><td>…</td><td>its tail, if that is not robust</td></tr>
 * <tr><td>…</td><td>after the channels the tail of the combination, if there is one. A tail that is not robust:</td></tr>
 * <tr><td>8, 8, 8</td><td>records, their evidence, their changes</td></tr>
 * <tr><td>8 each</td><td>last value, weight owed, level, nearest and farthest value, cap</td></tr>
 * <tr><td>4, 4</td><td>records and remembered values since the last fit</td></tr>
 * <tr><td>4 + 8 n</td><td>values that are remembered, oldest first</td></tr>
 * <tr><td>4 n</td><td>when each was seen</td></tr>
 * <tr><td>8, 8</td><td>centre of the bins, weight of the next value</td></tr>
 * <tr><td>4 + 8 b</td><td>counts of the bins</td></tr>
 * <tr><td>4 b</td><td>the bins, ascending</td></tr>
 * <tr><td>8 each</td><td>threshold, rate, scale, shape, granularity, smallest probability</td></tr>
 * <tr><td>4 + 8 l</td><td>levels of the body</td></tr>
 * <tr><td>8 l</td><td>what is beyond each</td></tr>
 * </table>
 *
 * <p>Stateless; thread-safe.
 */
public final class ScorerCodec {

    private static final int FIXED = 160;

    private ScorerCodec() {}

    /** The bytes of a scorer. */
    public static byte[] encode(AnomalyScorer scorer) {
        AnomalyScorer.State state = scorer.state();
        ByteWriter out = new ByteWriter(Format.SCORER, size(state));
        out.int8(state.combination() == null ? 0 : 1)
                .number(state.peak())
                .int32(state.sincePeak())
                .number(state.lasting())
                .vector(state.given())
                .vector(state.alone())
                .int32(state.channels().size());
        for (ChannelState channel : state.channels()) {
            out.text(channel.channel().label()).vector(channel.robust()).vector(channel.recurrence());
            out.int32(channel.fields().size());
            channel.fields().forEach(out::vector);
            if (channel.pareto() != null) {
                write(out, channel.pareto());
            }
        }
        if (state.combination() != null) {
            write(out, state.combination());
        }
        return out.toBytes();
    }

    /** Bytes to expect; a guess that is seldom too small. */
    private static int size(AnomalyScorer.State state) {
        int size = FIXED + (state.given().length + state.alone().length) * Double.BYTES + size(state.combination());
        for (ChannelState channel : state.channels()) {
            int numbers = channel.robust().length + channel.recurrence().length;
            for (double[] field : channel.fields()) {
                numbers += 1 + field.length;
            }
            size += FIXED + numbers * Double.BYTES + size(channel.pareto());
        }
        return size;
    }

    private static int size(TailState tail) {
        return tail == null
                ? 0
                : FIXED
                        + (tail.peaks().length + tail.bins().length) * (Double.BYTES + Integer.BYTES)
                        + 2 * tail.tail().levels().length * Double.BYTES;
    }

    private static void write(ByteWriter out, TailState state) {
        out.int64(state.records()).number(state.evidence()).number(state.changes());
        out.number(state.last())
                .number(state.owed())
                .number(state.level())
                .number(state.nearest())
                .number(state.farthest())
                .number(state.cap());
        out.int32(state.waited()).int32(state.fresh());
        out.vector(state.peaks());
        ints(out, state.times());
        out.number(state.centre()).number(state.weight()).vector(state.counts());
        ints(out, state.bins());
        Tail tail = state.tail();
        out.number(tail.threshold())
                .number(tail.rate())
                .number(tail.excess().scale())
                .number(tail.excess().shape())
                .number(tail.granularity())
                .number(tail.smallest());
        out.vector(tail.levels()).numbers(tail.survivals(), 0, tail.survivals().length);
    }

    private static void ints(ByteWriter out, int[] values) {
        for (int value : values) {
            out.int32(value);
        }
    }

    /**
     * The scorer.
     *
     * @param settings those it had, or others: what is watched as before goes on
     * @throws CodecException if the bytes are none, of an unknown version, truncated or corrupt
     */
    public static AnomalyScorer decode(byte[] bytes, AnomalySettings settings) {
        ByteReader in = new ByteReader(bytes, Format.SCORER);
        try {
            AnomalyScorer scorer = new AnomalyScorer(settings, state(in));
            in.requireEnd();
            return scorer;
        } catch (CodecException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw in.corrupt(e);
        }
    }

    private static AnomalyScorer.State state(ByteReader in) {
        boolean combined = in.flag("combination");
        double peak = in.number();
        int sincePeak = in.int32();
        double lasting = in.number();
        double[] given = in.vector();
        double[] alone = in.vector();
        int count = in.count(Integer.BYTES);
        List<ChannelState> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            channels.add(channel(in));
        }
        return new AnomalyScorer.State(channels, combined ? tail(in) : null, given, alone, peak, sincePeak, lasting);
    }

    private static ChannelState channel(ByteReader in) {
        Channel channel = Channel.of(in.text());
        double[] robust = in.vector();
        double[] recurrence = in.vector();
        int count = in.count(Integer.BYTES);
        List<double[]> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.add(in.vector());
        }
        return new ChannelState(channel, robust.length == 0 ? tail(in) : null, robust, recurrence, fields);
    }

    private static TailState tail(ByteReader in) {
        long records = in.count64("number of records");
        double evidence = in.weight("evidence");
        double changes = in.weight("sum of changes");
        double last = in.number();
        double owed = in.weight("weight owed");
        double level = in.number();
        double nearest = in.number();
        double farthest = in.number();
        double cap = in.number();
        int waited = in.int32();
        int fresh = in.int32();
        double[] peaks = in.vector();
        int[] times = ints(in, peaks.length);
        double centre = in.number();
        double weight = in.number();
        double[] counts = in.vector();
        int[] bins = ints(in, counts.length);
        double threshold = in.number();
        double rate = in.number();
        GeneralizedPareto excess = new GeneralizedPareto(in.number(), in.number());
        double granularity = in.number();
        double smallest = in.number();
        double[] levels = in.vector();
        Tail tail = new Tail(levels, in.numbers(levels.length), threshold, rate, excess, granularity, smallest);
        return new TailState(
                tail, peaks, times, records, evidence, changes, last, owed, level, nearest, farthest, cap, waited,
                fresh, centre, weight, bins, counts);
    }

    private static int[] ints(ByteReader in, int count) {
        if (count > in.remaining() / Integer.BYTES) {
            throw in.corrupt("expected " + count + " integers, where " + in.remaining() + " bytes are left");
        }
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.int32();
        }
        return values;
    }
}

package io.onlineem.codec;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.em.StepSize;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link ControlState} as bytes.
 *
 * <table>
 * <caption>Layout, version 2</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>1</td><td>1 if learning is paused, otherwise 0</td></tr>
 * <tr><td>8</td><td>since when, in milliseconds since the epoch; 0 if it is not, or if that is not known</td></tr>
 * <tr><td>1</td><td>the step size that was set: 0 none, 1 exponent and offset, 2 constant, 3 half-life</td></tr>
 * <tr><td>8 or 16</td><td>its numbers</td></tr>
 * <tr><td>8</td><td>version from which statistics count</td></tr>
 * <tr><td>8</td><td>observations that were scored and will not be learned from</td></tr>
 * <tr><td>4</td><td>number of commands that were applied last</td></tr>
 * <tr><td>4 + n + 8 each</td><td>their ids, texts, and the versions after them; oldest first</td></tr>
 * <tr><td>4</td><td>number of maintenance windows</td></tr>
 * <tr><td>4 + n + 1 + 4 + m + 8 + 8 each</td><td>the id of the command; 1 if it is of one stream, whose name follows, otherwise 0;
 * beginning and end</td></tr>
 * <tr><td>4</td><td>number of incidents that were fine</td></tr>
 * <tr><td>8 + 4 + n + 8 each</td><td>number of the feedback, stream and number of the incident; oldest first</td></tr>
 * </table>
 *
 * <p>Version 1 does not tell since when, and ends before the maintenance windows. Stateless; thread-safe.
 */
public final class ControlStateCodec {

    private static final int CONFIGURED = 0;
    private static final int POWER_DECAY = 1;
    private static final int CONSTANT = 2;
    private static final int HALF_LIFE = 3;

    private ControlStateCodec() {}

    /** Whether a value is one of these. */
    public static boolean isControlState(byte[] bytes) {
        return Format.of(bytes, Format.CONTROL.label()) == Format.CONTROL;
    }

    /** The bytes. */
    public static byte[] encode(ControlState control) {
        ByteWriter out =
                new ByteWriter(Format.CONTROL, 64 + 48 * control.recent().size());
        out.int8(control.paused() ? 1 : 0).int64(control.pausedSince());
        write(out, control.stepSize());
        out.int64(control.since())
                .int64(control.skipped())
                .int32(control.recent().size());
        for (ControlState.Applied applied : control.recent()) {
            out.text(applied.id()).int64(applied.version());
        }
        write(out, control.orders());
        return out.toBytes();
    }

    private static void write(ByteWriter out, WatchOrders orders) {
        out.int32(orders.maintenance().size());
        for (WatchOrders.Maintenance window : orders.maintenance()) {
            out.text(window.id()).int8(window.stream() == null ? 0 : 1);
            if (window.stream() != null) {
                out.text(window.stream());
            }
            out.int64(window.from()).int64(window.to());
        }
        out.int32(orders.feedback().size());
        for (WatchOrders.Feedback feedback : orders.feedback()) {
            out.int64(feedback.number()).text(feedback.stream()).int64(feedback.incident());
        }
    }

    private static void write(ByteWriter out, StepSize step) {
        if (step == null) {
            out.int8(CONFIGURED);
        } else if (step instanceof StepSize.PowerDecay decay) {
            out.int8(POWER_DECAY).number(decay.exponent()).number(decay.offset());
        } else if (step instanceof StepSize.Constant constant) {
            out.int8(CONSTANT).number(constant.step());
        } else if (step instanceof StepSize.HalfLife halfLife) {
            out.int8(HALF_LIFE).number(halfLife.observations());
        } else {
            throw new IllegalArgumentException("the step size is " + step + "; expected one that can be configured");
        }
    }

    /**
     * What was encoded.
     *
     * @throws CodecException if the bytes are something else, of an unknown version, truncated or corrupt
     */
    public static ControlState decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, Format.CONTROL);
        boolean paused = in.flag("pause");
        long pausedSince = in.version() > 1 ? in.count64("time of the pause") : 0;
        StepSize stepSize = stepSize(in);
        long since = in.count64("version from which statistics count");
        long skipped = in.count64("number of observations not learned from");
        int count = in.count(Integer.BYTES + Long.BYTES);
        if (count > ControlState.RECENT) {
            throw in.corrupt("it has " + count + " commands; expected at most " + ControlState.RECENT);
        }
        List<ControlState.Applied> recent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recent.add(new ControlState.Applied(in.text(), in.count64("version after a command")));
        }
        WatchOrders orders = in.version() == 1 ? WatchOrders.NONE : orders(in);
        in.requireEnd();
        return new ControlState(paused, pausedSince, stepSize, since, skipped, recent, orders);
    }

    private static WatchOrders orders(ByteReader in) {
        List<WatchOrders.Maintenance> maintenance = new ArrayList<>();
        int windows = in.count(2 * Integer.BYTES);
        for (int i = 0; i < windows; i++) {
            String id = in.text();
            String stream = in.flag("stream of a maintenance") ? in.text() : null;
            try {
                maintenance.add(new WatchOrders.Maintenance(id, stream, in.int64(), in.int64()));
            } catch (CodecException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw in.corrupt(e);
            }
        }
        List<WatchOrders.Feedback> feedback = new ArrayList<>();
        int fine = in.count(2 * Long.BYTES + Integer.BYTES);
        for (int i = 0; i < fine; i++) {
            feedback.add(new WatchOrders.Feedback(in.int64(), in.text(), in.int64()));
        }
        return new WatchOrders(maintenance, feedback);
    }

    private static StepSize stepSize(ByteReader in) {
        int kind = in.int8();
        try {
            return switch (kind) {
                case CONFIGURED -> null;
                case POWER_DECAY -> new StepSize.PowerDecay(in.number(), in.number());
                case CONSTANT -> new StepSize.Constant(in.number());
                case HALF_LIFE -> new StepSize.HalfLife(in.number());
                default -> throw in.corrupt("kind of step size is " + kind + "; expected 0 to " + HALF_LIFE);
            };
        } catch (CodecException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw in.corrupt(e);
        }
    }
}

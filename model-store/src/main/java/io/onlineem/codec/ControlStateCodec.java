package io.onlineem.codec;

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
 * </table>
 *
 * <p>Version 1 does not tell since when. Stateless; thread-safe.
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
        return out.toBytes();
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
        in.requireEnd();
        return new ControlState(paused, pausedSince, stepSize, since, skipped, recent);
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

package io.onlineem.codec;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.em.StepSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the task that owns a model remembers of commands. Immutable.
 *
 * @param paused whether learning is paused
 * @param pausedSince since when, in milliseconds since the epoch; 0 if it is not, or if that is not known
 * @param stepSize the step size that was set in place of the configured one; null if none was
 * @param since version from which statistics count: that of the parameters that were put in place of all earlier ones, or
 *     with which a warm-up that was begun anew will end; 0 if neither has happened
 * @param skipped observations that were scored and will never be learned from
 * @param recent the commands that were applied last, oldest first; the newest {@value #RECENT}
 * @param orders to those who watch its streams
 */
public record ControlState(
        boolean paused,
        long pausedSince,
        StepSize stepSize,
        long since,
        long skipped,
        List<Applied> recent,
        WatchOrders orders) {

    /** Commands that are remembered. */
    public static final int RECENT = 64;

    /** Of a model that was never given a command. */
    public static final ControlState NONE = new ControlState(false, 0, null, 0, 0, List.of(), WatchOrders.NONE);

    /**
     * A command that was applied.
     *
     * @param id its id
     * @param version version of the parameters after it
     */
    public record Applied(String id, long version) {}

    /** Takes a copy of the commands. */
    public ControlState {
        recent = List.copyOf(recent);
    }

    /** The command of that id, if it was applied of late. */
    public Optional<Applied> applied(String id) {
        return recent.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** The same, paused or not; since when is not known. */
    public ControlState withPaused(boolean newPaused) {
        return newPaused == paused ? this : new ControlState(newPaused, 0, stepSize, since, skipped, recent, orders);
    }

    /** The same, if it is paused since some time that is not known: since that one. */
    public ControlState withPausedSince(long time) {
        return paused && pausedSince == 0
                ? new ControlState(true, time, stepSize, since, skipped, recent, orders)
                : this;
    }

    /** The same with another step size; null for the configured one. */
    public ControlState withStepSize(StepSize newStepSize) {
        return new ControlState(paused, pausedSince, newStepSize, since, skipped, recent, orders);
    }

    /** The same with statistics counting from another version. */
    public ControlState withSince(long version) {
        return new ControlState(paused, pausedSince, stepSize, version, skipped, recent, orders);
    }

    /** The same with so many more observations that are not learned from. */
    public ControlState withSkipped(long more) {
        return more == 0
                ? this
                : new ControlState(paused, pausedSince, stepSize, since, skipped + more, recent, orders);
    }

    /** The same with other orders. */
    public ControlState withOrders(WatchOrders newOrders) {
        return new ControlState(paused, pausedSince, stepSize, since, skipped, recent, newOrders);
    }

    /** The same with one more command that was applied; the oldest makes room for it. */
    public ControlState withApplied(Applied newest) {
        List<Applied> all = new ArrayList<>(recent);
        all.add(newest);
        return new ControlState(
                paused,
                pausedSince,
                stepSize,
                since,
                skipped,
                all.subList(Math.max(0, all.size() - RECENT), all.size()),
                orders);
    }
}

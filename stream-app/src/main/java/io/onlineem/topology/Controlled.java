package io.onlineem.topology;

import io.onlineem.codec.ControlState;
import io.onlineem.em.ModelState;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Parameters;

/**
 * What a command is applied to, and what becomes of it: a model and what its task remembers of commands. Immutable.
 *
 * @param streamModel what the model is and how it learns
 * @param name under which it is published
 * @param state null while it warms up
 * @param control what is remembered
 * @param watched what is watched of it
 * @param replaced whether a command has put another model in the place of the one before, or begun a warm-up
 * @param <P> the parameters
 */
record Controlled<P extends Parameters>(
        StreamModel<P> streamModel,
        String name,
        ModelState<P> state,
        ControlState control,
        Watched watched,
        boolean replaced) {

    /** A model before a command. */
    Controlled(StreamModel<P> streamModel, String name, ModelState<P> state, ControlState control, Watched watched) {
        this(streamModel, name, state, control, watched, false);
    }

    /** The driver, with the step size that was set. */
    OnlineEm<P> engine() {
        return streamModel.engine(control.stepSize());
    }

    /** Version of the parameters; where a warm-up was begun anew, the version with which it will end. */
    long version() {
        return state == null ? control.since() : state.version();
    }

    /** Observations that the model has counted. */
    long observations() {
        return state == null ? 0 : state.observations();
    }

    /** The same, remembering something else. */
    Controlled<P> with(ControlState newControl) {
        return new Controlled<>(streamModel, name, state, newControl, watched, replaced);
    }

    /**
     * Another model in its place: what was computed with earlier parameters no longer counts.
     *
     * @param replacement its state, under the next version; null for a new warm-up
     */
    Controlled<P> replacedBy(ModelState<P> replacement) {
        long next = state == null ? Math.max(1, control.since()) : state.version() + 1;
        return new Controlled<>(
                streamModel,
                name,
                replacement == null ? null : replacement.numbered(next),
                control.withSince(next),
                watched,
                true);
    }
}

package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.ModelState;
import io.onlineem.em.Parameters;
import java.util.List;

/**
 * A model as the models topic, {@code GET /models} and files show it.
 *
 * @param model its name
 * @param spec what it is
 * @param version version of the parameters
 * @param observations observations counted
 * @param stepSize step size of the newest observation
 * @param meanLogLikelihood prequential mean log-likelihood per record, natural logarithm; {@code NaN} if not yet known
 * @param parameters what records are scored with
 * @param learning parameters of the next E-step; the same object as {@code parameters} unless averaging makes them differ
 * @param events what has happened to it beside learning, oldest first; the newest {@value ModelState#EVENTS}
 * @param <P> the parameters
 */
public record PublishedModel<P extends Parameters>(
        String model,
        ModelSpec spec,
        long version,
        long observations,
        double stepSize,
        double meanLogLikelihood,
        P parameters,
        P learning,
        List<ModelState.Event> events) {

    /** Takes a copy of the events. */
    public PublishedModel {
        events = List.copyOf(events);
    }

    /** What is published of a state. */
    public static <P extends Parameters> PublishedModel<P> of(String model, ModelSpec spec, ModelState<P> state) {
        return new PublishedModel<>(
                model,
                spec,
                state.version(),
                state.observations(),
                state.stepSize(),
                state.meanLogLikelihood(),
                state.published(),
                state.parameters(),
                state.events());
    }
}

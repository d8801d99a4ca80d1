package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Parameters;

/**
 * The state of an online model as bytes, bit for bit: a model that goes on from a decoded state learns what it would have
 * learned without the round trip.
 *
 * <table>
 * <caption>Layout, version 1</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>4 + n</td><td>the model it belongs to, {@link ModelSpec#describe()}, a text</td></tr>
 * <tr><td>8</td><td>version of the state</td></tr>
 * <tr><td>8</td><td>observations counted</td></tr>
 * <tr><td>8</td><td>their weight</td></tr>
 * <tr><td>8</td><td>step size of the newest observation</td></tr>
 * <tr><td>8</td><td>weight of the observations that were scored</td></tr>
 * <tr><td>8</td><td>their summed log-likelihood, natural logarithm</td></tr>
 * <tr><td>1</td><td>flags: 1 if averaged statistics follow, 2 if the published parameters differ from θ</td></tr>
 * <tr><td>4 + 8 m</td><td>S, the blended mean statistics: their number, then the numbers</td></tr>
 * <tr><td>4 + 8 m, with flag 1</td><td>the averaged statistics, in the same way</td></tr>
 * <tr><td>…</td><td>θ, named values</td></tr>
 * <tr><td>…, with flag 2</td><td>the published parameters, named values</td></tr>
 * </table>
 *
 * <p>Named values are their number (int) and for each its name (text), its type (1 number, 2 text, 3 vector, 4 matrix, 5
 * list of matrices, 6 named values) and the value: a vector its length (int) and numbers, a matrix the number of its rows
 * (int) and each of them as a vector, a list its length (int) and matrices.
 *
 * <p>Immutable; thread-safe.
 *
 * @param <P> the parameters
 */
public final class StateCodec<P extends Parameters> {

    private static final int AVERAGED = 1;
    private static final int PUBLISHED = 2;

    private final Model<P> model;
    private final String description;

    /**
     * A codec of the states of one model.
     *
     * @param spec what the model is; a state remembers it
     * @param model the model that it describes
     */
    public StateCodec(ModelSpec spec, Model<P> model) {
        this.model = model;
        this.description = spec.describe();
    }

    /** The bytes of a state. */
    public byte[] encode(ModelState<P> state) {
        boolean averaged = state.averaged() != null;
        boolean published = state.published() != state.parameters();
        ByteWriter out = new ByteWriter(Format.STATE, 1024 + 4 * Double.BYTES * state.statistics().length)
                .text(description)
                .int64(state.version())
                .int64(state.observations())
                .number(state.weight())
                .number(state.stepSize())
                .number(state.scoredWeight())
                .number(state.scoredLogLikelihood())
                .int8((averaged ? AVERAGED : 0) | (published ? PUBLISHED : 0))
                .vector(state.statistics());
        if (averaged) {
            out.vector(state.averaged());
        }
        FieldsBinary.write(out, state.parameters().fields());
        if (published) {
            FieldsBinary.write(out, state.published().fields());
        }
        return out.toBytes();
    }

    /**
     * The state. Where its published parameters are θ they are the same object, as they were.
     *
     * @throws CodecException if the bytes are no state, of an unknown version, truncated, corrupt, or the state of another
     *     model
     */
    public ModelState<P> decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, Format.STATE);
        String found = in.text();
        if (!found.equals(description)) {
            throw new CodecException("the stored state is that of a " + found + "; the model here is a " + description
                    + "; use another application id or model name, or reset the application to forget the old state");
        }
        long version = in.count64("version");
        long observations = in.count64("number of observations");
        double weight = in.weight("weight");
        double stepSize = in.number();
        double scoredWeight = in.weight("scored weight");
        double scoredLogLikelihood = in.number();
        int flags = in.int8();
        if ((flags & ~(AVERAGED | PUBLISHED)) != 0) {
            throw in.corrupt("flags are " + flags + "; expected 0 to " + (AVERAGED | PUBLISHED));
        }
        double[] statistics = statistics(in);
        double[] averaged = (flags & AVERAGED) == 0 ? null : statistics(in);
        P parameters = parameters(in);
        P published = (flags & PUBLISHED) == 0 ? parameters : parameters(in);
        in.requireEnd();
        return new ModelState<>(
                version,
                observations,
                weight,
                statistics,
                averaged,
                parameters,
                published,
                stepSize,
                scoredWeight,
                scoredLogLikelihood);
    }

    private double[] statistics(ByteReader in) {
        double[] statistics = in.vector();
        if (statistics.length != model.statisticsLength()) {
            throw in.corrupt("statistics have " + statistics.length + " numbers; expected " + model.statisticsLength());
        }
        return statistics;
    }

    private P parameters(ByteReader in) {
        Fields fields = FieldsBinary.read(in);
        try {
            return model.read(fields);
        } catch (IllegalArgumentException e) {
            throw in.corrupt(e);
        }
    }
}

package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.CareState;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.PageHinkley;
import io.onlineem.em.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of an online model as bytes, bit for bit: a model that goes on from a decoded state learns what it would have
 * learned without the round trip.
 *
 * <table>
 * <caption>Layout, version 2</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>header</td></tr>
 * <tr><td>4 + n</td><td>the model it belongs to, {@link ModelSpec#describe()}, a text</td></tr>
 * <tr><td>8</td><td>version of the state</td></tr>
 * <tr><td>8</td><td>observations counted</td></tr>
 * <tr><td>8</td><td>their weight</td></tr>
 * <tr><td>8</td><td>the count that the step size goes by; not in version 1, where it is the weight</td></tr>
 * <tr><td>8</td><td>step size of the newest observation</td></tr>
 * <tr><td>8</td><td>weight of the observations that were scored</td></tr>
 * <tr><td>8</td><td>their summed log-likelihood, natural logarithm</td></tr>
 * <tr><td>1</td><td>flags: 1 if averaged statistics follow, 2 if the published parameters differ from θ,
 * 4 if the detector of changes follows, 8 if events follow, 16 if the care for components; version 1 knows 1 and 2</td></tr>
 * <tr><td>4 + 8 m</td><td>S, the blended mean statistics: their number, then the numbers</td></tr>
 * <tr><td>4 + 8 m, with flag 1</td><td>the averaged statistics, in the same way</td></tr>
 * <tr><td>…</td><td>θ, named values</td></tr>
 * <tr><td>…, with flag 2</td><td>the published parameters, named values</td></tr>
 * <tr><td>…, with flag 4</td><td>the {@link PageHinkley detector}: blocks (8), mean, variance, fall, weight and summed
 * log-likelihood since the fall began (8 each), records (8), weight and summed log-likelihood (8 each) of the block under
 * way, and the baseline: its length (int), then the numbers</td></tr>
 * <tr><td>…, with flag 8</td><td>the events: their number (int), and for each the type (1 byte: 1 drift, 2 restart, 3
 * merge and split), the version (8), the observations (8), the mean log-likelihoods before and after (8 each), the number of
 * components concerned (4) and their numbers (4 each)</td></tr>
 * <tr><td>…, with flag 16</td><td>the {@link CareState care for components}: records since the last check (8), the candidate
 * (4), observations at the last check and at the last move (8 each), and the recent records to the end, as {@link ObservationsCodec} writes them, with
 * their own header</td></tr>
 * </table>
 *
 * <p>Named values are their number (int) and for each its name (text), its type (1 number, 2 text, 3 vector, 4 matrix, 5
 * list of matrices, 6 named values, 7 list of texts) and the value: a vector its length (int) and numbers, a matrix the number of its rows
 * (int) and each of them as a vector, a list its length (int) and matrices.
 *
 * <p>Immutable; thread-safe.
 *
 * @param <P> the parameters
 */
public final class StateCodec<P extends Parameters> {

    private static final int AVERAGED = 1;
    private static final int PUBLISHED = 2;
    private static final int WATCH = 4;
    private static final int EVENTS = 8;
    private static final int CARE = 16;

    /** Bytes of an event, its components apart. */
    private static final int EVENT = 1 + 4 * Long.BYTES + Integer.BYTES;

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
        int flags = (averaged ? AVERAGED : 0)
                | (published ? PUBLISHED : 0)
                | (state.watch() == null ? 0 : WATCH)
                | (state.events().isEmpty() ? 0 : EVENTS)
                | (state.care() == null ? 0 : CARE);
        ByteWriter out = new ByteWriter(Format.STATE, 1024 + 4 * Double.BYTES * state.statistics().length)
                .text(description)
                .int64(state.version())
                .int64(state.observations())
                .number(state.weight())
                .number(state.clock())
                .number(state.stepSize())
                .number(state.scoredWeight())
                .number(state.scoredLogLikelihood())
                .int8(flags)
                .vector(state.statistics());
        if (averaged) {
            out.vector(state.averaged());
        }
        FieldsBinary.write(out, state.parameters().fields());
        if (published) {
            FieldsBinary.write(out, state.published().fields());
        }
        if (state.watch() != null) {
            write(out, state.watch());
        }
        if (!state.events().isEmpty()) {
            write(out, state.events());
        }
        if (state.care() != null) {
            out.int64(state.care().arrived())
                    .int32(state.care().candidate())
                    .int64(state.care().lastCheck())
                    .int64(state.care().lastMove())
                    .raw(ObservationsCodec.encode(state.care().recent()));
        }
        return out.toBytes();
    }

    private static void write(ByteWriter out, PageHinkley watch) {
        out.int64(watch.blocks())
                .number(watch.mean())
                .number(watch.variance())
                .number(watch.fall())
                .number(watch.fallWeight())
                .number(watch.fallLogLikelihood())
                .int64(watch.openObservations())
                .number(watch.openWeight())
                .number(watch.openLogLikelihood())
                .vector(watch.baseline());
    }

    private static void write(ByteWriter out, List<ModelState.Event> events) {
        out.int32(events.size());
        for (ModelState.Event event : events) {
            out.int8(code(event.type()))
                    .int64(event.version())
                    .int64(event.observations())
                    .number(event.before())
                    .number(event.after())
                    .int32(event.components().size());
            event.components().forEach(out::int32);
        }
    }

    private static int code(ModelState.Event.Type type) {
        return switch (type) {
            case DRIFT -> 1;
            case RESTART -> 2;
            case MERGE_AND_SPLIT -> 3;
        };
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
        double clock = in.version() == 1 ? weight : in.weight("count of the step size");
        double stepSize = in.number();
        double scoredWeight = in.weight("scored weight");
        double scoredLogLikelihood = in.number();
        int flags = in.int8();
        int known = in.version() == 1 ? AVERAGED | PUBLISHED : AVERAGED | PUBLISHED | WATCH | EVENTS | CARE;
        if ((flags & ~known) != 0) {
            throw in.corrupt("flags are " + flags + "; expected 0 to " + known);
        }
        double[] statistics = statistics(in);
        double[] averaged = (flags & AVERAGED) == 0 ? null : statistics(in);
        P parameters = parameters(in);
        P published = (flags & PUBLISHED) == 0 ? parameters : parameters(in);
        PageHinkley watch = (flags & WATCH) == 0 ? null : watch(in);
        List<ModelState.Event> events = (flags & EVENTS) == 0 ? List.of() : events(in);
        CareState care = (flags & CARE) == 0 ? null : care(in);
        in.requireEnd();
        return new ModelState<>(
                version,
                observations,
                weight,
                clock,
                statistics,
                averaged,
                parameters,
                published,
                stepSize,
                scoredWeight,
                scoredLogLikelihood,
                watch,
                care,
                events);
    }

    private CareState care(ByteReader in) {
        long arrived = in.count64("number of sampled records");
        int candidate = in.int32();
        if (candidate < CareState.NONE || candidate >= model.components()) {
            throw in.corrupt(
                    "candidate is " + candidate + "; expected " + CareState.NONE + " to " + (model.components() - 1));
        }
        long lastCheck = in.count64("observations at the last check");
        long lastMove = in.count64("observations at the last move");
        Observations recent = ObservationsCodec.decode(in.rest());
        try {
            recent.requireWidth(model.width());
        } catch (IllegalArgumentException e) {
            throw in.corrupt(e);
        }
        return new CareState(recent, arrived, candidate, lastCheck, lastMove);
    }

    private static PageHinkley watch(ByteReader in) {
        long blocks = in.count64("number of blocks");
        double mean = in.number();
        double variance = in.weight("variance of the log-likelihood");
        double fall = in.weight("fall of the log-likelihood");
        double fallWeight = in.weight("weight since the fall began");
        double fallLogLikelihood = in.number();
        long openObservations = in.count64("number of observations of the block");
        double openWeight = in.weight("weight of the block");
        double openLogLikelihood = in.number();
        double[] baseline = in.vector();
        long expected = blocks < PageHinkley.BASELINE ? 2 * blocks : 0;
        if (baseline.length != expected) {
            throw in.corrupt("baseline has " + baseline.length + " numbers; expected " + expected + " after " + blocks
                    + " blocks");
        }
        return new PageHinkley(
                blocks,
                baseline,
                mean,
                variance,
                fall,
                fallWeight,
                fallLogLikelihood,
                openObservations,
                openWeight,
                openLogLikelihood);
    }

    private static List<ModelState.Event> events(ByteReader in) {
        int count = in.count(EVENT);
        if (count > ModelState.EVENTS) {
            throw in.corrupt("it has " + count + " events; expected at most " + ModelState.EVENTS);
        }
        List<ModelState.Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ModelState.Event.Type type = type(in);
            long version = in.count64("version of an event");
            long observations = in.count64("observations of an event");
            double before = in.number();
            double after = in.number();
            List<Integer> components = new ArrayList<>();
            for (int left = in.count(Integer.BYTES); left > 0; left--) {
                components.add(in.int32());
            }
            events.add(new ModelState.Event(type, components, version, observations, before, after));
        }
        return events;
    }

    private static ModelState.Event.Type type(ByteReader in) {
        int code = in.int8();
        for (ModelState.Event.Type type : ModelState.Event.Type.values()) {
            if (code(type) == code) {
                return type;
            }
        }
        throw in.corrupt("type of an event is " + code + "; expected 1 to " + ModelState.Event.Type.values().length);
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

package io.onlineem.anomaly;

import io.onlineem.em.Observations;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches one channel of a stream: its statistic, how improbable that is, and whether it happens again and again. Mutable; not
 * thread-safe.
 */
final class ChannelWatch {

    private static final double[] NOTHING = {};
    private static final double NATS_PER_NINE = Math.log(10);

    private final Channel channel;
    private final double memory;
    private final TailLearner tail;

    /** Null where the tail is not robust. */
    private final Recurrence recurrence;

    /** One for each field of a channel of levels; otherwise empty. */
    private final List<MovingLevel> levels = new ArrayList<>();

    /** One for each field of the channel of repeats; otherwise empty. */
    private final List<RepeatedValues> repeats = new ArrayList<>();

    private double statistic = Double.NaN;
    private double probability = 1;
    private double unusual;

    /** A stream that has not begun. */
    ChannelWatch(Channel channel, AnomalySettings settings) {
        this.channel = channel;
        memory = settings.memory();
        boolean robust = settings.tails() == AnomalySettings.Tails.ROBUST;
        tail = robust
                ? new ExcessTail(settings.warmUp(), memory)
                : new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp());
        recurrence = robust ? new Recurrence(memory) : null;
    }

    /** A stream that goes on; a tail of another kind begins anew. */
    ChannelWatch(AnomalySettings settings, ChannelState state) {
        channel = state.channel();
        memory = settings.memory();
        boolean goesOn = state.pareto() == null;
        if (settings.tails() == AnomalySettings.Tails.ROBUST) {
            tail = goesOn
                    ? new ExcessTail(settings.warmUp(), memory, state.robust())
                    : new ExcessTail(settings.warmUp(), memory);
            recurrence = goesOn ? new Recurrence(memory, state.recurrence()) : new Recurrence(memory);
        } else {
            tail = goesOn
                    ? new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp())
                    : new TailEstimator(settings.halfLife(), settings.excesses(), settings.warmUp(), state.pareto());
            recurrence = null;
        }
        for (double[] field : state.fields()) {
            if (channel.kind() == Channel.Kind.LEVEL) {
                levels.add(new MovingLevel(channel.length(), memory, field));
            } else {
                repeats.add(new RepeatedValues(field));
            }
        }
    }

    /** Where it has got to. */
    ChannelState state() {
        List<double[]> fields = new ArrayList<>();
        levels.forEach(level -> fields.add(level.state()));
        repeats.forEach(repeated -> fields.add(repeated.state()));
        return new ChannelState(
                channel,
                tail instanceof TailEstimator pareto ? pareto.state() : null,
                tail instanceof ExcessTail robust ? robust.state() : NOTHING,
                recurrence == null ? NOTHING : recurrence.state(),
                fields);
    }

    /**
     * Judges the next record by those before it. Whether it is judged or not, values are looked at.
     *
     * @param given surprises given the past, this one included
     * @param alone surprises of records by themselves
     * @param judged whether there is a surprise
     * @param weight by which what is usual of values is learned
     * @return whether there is something to say
     */
    boolean judge(Sighting sighting, SurpriseWindow given, SurpriseWindow alone, boolean judged, double weight) {
        statistic = switch (channel.kind()) {
            case LEVEL -> level(sighting.left(), weight);
            case REPEATS -> repeated(sighting.came());
            case ALONE -> judged ? alone.statistic(channel) : Double.NaN;
            default -> judged ? given.statistic(channel) : Double.NaN;
        };
        if (Double.isNaN(statistic)) {
            return false;
        }
        probability = channel.probability(tail, statistic);
        unusual = -Math.log(probability);
        if (recurrence != null) {
            unusual = NATS_PER_NINE * recurrence.next(unusual / NATS_PER_NINE);
        }
        return true;
    }

    /** Counts the statistic that was judged last. */
    void learn(double weight) {
        tail.learn(statistic, weight);
    }

    private double level(Observations record, double weight) {
        int width = record == null ? 0 : record.length(0);
        while (levels.size() < width) {
            levels.add(new MovingLevel(channel.length(), memory));
        }
        double farthest = Double.NaN;
        for (int j = 0; j < width; j++) {
            double distance = levels.get(j).next(record.value(0, j), weight);
            farthest = farthest >= distance || Double.isNaN(distance) ? farthest : distance;
        }
        return farthest;
    }

    private double repeated(Observations record) {
        int width = record == null ? 0 : record.length(0);
        while (repeats.size() < width) {
            repeats.add(new RepeatedValues());
        }
        double most = Double.NaN;
        for (int j = 0; j < width; j++) {
            double value = record.value(0, j);
            double powers = repeats.get(j).next(value);
            most = most >= powers || Double.isNaN(value) ? most : powers;
        }
        // the improbable one of so many
        return Double.isNaN(most) ? most : Math.max(0, most - Math.log10(width));
    }

    Channel channel() {
        return channel;
    }

    /** The statistic of the record that was judged last. */
    double statistic() {
        return statistic;
    }

    /** Its tail probability. */
    double probability() {
        return probability;
    }

    /** -ln of that, less so for what happens again and again. */
    double unusual() {
        return unusual;
    }

    /** What is known of the statistic. */
    Tail tail() {
        return tail.tail();
    }

    /** Records that the robust tail has learned from. */
    double evidence() {
        return tail instanceof ExcessTail robust ? robust.evidence() : 0;
    }
}

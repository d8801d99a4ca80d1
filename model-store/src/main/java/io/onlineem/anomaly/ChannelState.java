package io.onlineem.anomaly;

import java.util.List;

/**
 * Where the watch of a channel has got to: what is kept on disk. Arrays belong to whom it is given.
 *
 * @param channel what is watched
 * @param pareto its tail, by peaks over threshold; null if it is robust
 * @param robust its tail; empty if it is not robust
 * @param recurrence peaks so far; empty if the tail is not robust
 * @param fields what is remembered of the values of each field; empty where the channel is of surprises
 */
@SuppressWarnings("ArrayRecordComponent") // a view for codecs, never compared
public record ChannelState(
        Channel channel, TailState pareto, double[] robust, double[] recurrence, List<double[]> fields) {

    /** Copies the list. */
    public ChannelState {
        fields = List.copyOf(fields);
        if ((pareto == null) == (robust.length == 0)) {
            throw new IllegalArgumentException("the channel " + channel.label() + " has "
                    + (pareto == null ? "no tail" : "two tails") + "; expected one");
        }
    }
}

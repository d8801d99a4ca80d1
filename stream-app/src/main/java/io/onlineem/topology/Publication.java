package io.onlineem.topology;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Parameters;

/**
 * What the task that owns a model writes to the models topic.
 *
 * @param <P> the parameters of the model
 */
sealed interface Publication<P extends Parameters> {

    /** New parameters. */
    record Newest<P extends Parameters>(PublishedModel<P> model) implements Publication<P> {}

    /** There are no parameters any more: the model warms up anew. */
    record Gone<P extends Parameters>() implements Publication<P> {}

    /** What became of a command. */
    record Acknowledged<P extends Parameters>(Acknowledgement acknowledgement) implements Publication<P> {}

    /** What those who watch the streams of the model are told. */
    record Ordered<P extends Parameters>(WatchOrders orders) implements Publication<P> {}
}

package io.onlineem.em;

/** Parameters of a model: immutable, and told to the outside as named fields. */
public interface Parameters {

    /** The parameters as named fields, from which {@link Model#read} makes equal parameters. */
    Fields fields();
}

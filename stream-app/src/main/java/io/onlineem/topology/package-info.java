/**
 * Online EM as Kafka Streams processors and the wiring between them. {@link io.onlineem.topology.OnlineEmTopology} adds it
 * to any {@code StreamsBuilder}; it takes plain values and starts nothing.
 */
package io.onlineem.topology;

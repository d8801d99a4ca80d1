/** Metrics kept in a Micrometer registry: those of the models and those of Kafka Streams. Listed in docs/metrics.md. */
package io.onlineem.metrics;

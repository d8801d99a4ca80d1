/** The application: the one place where topology, Kafka Streams, HTTP server and meter registry are put together. */
package io.onlineem.app;

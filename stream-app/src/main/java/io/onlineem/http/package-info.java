/**
 * Metrics, health and models over HTTP. It is given plain functions and knows neither Kafka nor a meter registry; see
 * {@link io.onlineem.http.HttpApi}.
 */
package io.onlineem.http;

/**
 * How good anomaly scores are: labelled series, generated or read from files, and the measures of scores against labels. It
 * knows neither Kafka nor the configuration: scores come from anywhere. See docs/anomalies.md.
 */
package io.onlineem.evaluation;

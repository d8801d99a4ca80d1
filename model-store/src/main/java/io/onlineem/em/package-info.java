/**
 * The engine: what a model is, and the two loops that learn it.
 *
 * <p>{@link io.onlineem.em.Model} supplies the E-step and the M-step; {@link io.onlineem.em.BatchEm} and
 * {@link io.onlineem.em.OnlineEm} own the loops; {@link io.onlineem.em.OnlineLearner} is online EM where one caller sees
 * every record. No Kafka, no files, no clock.
 */
package io.onlineem.em;

/** Observation families: log-densities, expected statistics and their fit, for all components at once. */
package io.onlineem.family;

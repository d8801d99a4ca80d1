/**
 * The configuration: one YAML file read into plain values, with every error naming its place, the value, what was expected
 * and the remedy.
 */
package io.onlineem.config;

/**
 * The commands. Results go to stdout, everything else to stderr; exit codes are 0, 2 for wrong usage or configuration, 1
 * for a failure.
 */
package io.onlineem.cli;

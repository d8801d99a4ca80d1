package io.onlineem.topology;

/**
 * A record of the control topic, not yet read.
 *
 * @param model its key, the name of a model; may be null
 * @param json its value, a command; may be null
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record Instruction(String model, byte[] json) {}

package io.onlineem.em;

/**
 * Why a model does not take a record.
 *
 * @param position the number of the record that is at fault, from 0
 * @param expected what it had to be, as it ends the sentence "expected …"
 */
public record Problem(int position, String expected) {}

/**
 * What is stored and published, byte by byte: versioned binary formats of states, contributions and observations, JSON of
 * models, fits and parameters.
 *
 * <p>Every binary value begins with the header of four bytes that {@link io.onlineem.codec.ContributionCodec},
 * {@link io.onlineem.codec.ObservationsCodec}, {@link io.onlineem.codec.SlotCodec} and
 * {@link io.onlineem.codec.StateCodec} share; each draws the layout it owns. All numbers are big-endian; a text is the
 * length of its UTF-8 bytes (int), then those. Whatever is wrong with a value that is read, the error is a
 * {@link io.onlineem.codec.CodecException}.
 */
package io.onlineem.codec;

/** Topic payloads: observations in, scored records out. */
package io.onlineem.observation;

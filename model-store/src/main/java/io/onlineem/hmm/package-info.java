/** Hidden Markov models, composed with any observation family. */
package io.onlineem.hmm;

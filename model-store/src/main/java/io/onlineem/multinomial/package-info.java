/** Multinomials that are observed incompletely: observed cells are known mixtures of latent cells. */
package io.onlineem.multinomial;

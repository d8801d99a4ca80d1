/** Finite mixtures, composed with any observation family. */
package io.onlineem.mixture;

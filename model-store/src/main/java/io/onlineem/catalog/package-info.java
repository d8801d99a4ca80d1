/** The models by name: from plain values, as configurations give them, to a {@link io.onlineem.em.Model}. */
package io.onlineem.catalog;

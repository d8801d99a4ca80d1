/** The only package of this module that knows Kafka: serdes, store builders and read-only views. */
package io.onlineem.store;

/** A Kafka broker inside the process, and the demonstration that runs the application on it. */
package io.onlineem.demo;

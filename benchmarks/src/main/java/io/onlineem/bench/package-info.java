/** What online EM costs, beside what the machine could do: the command {@code bench}. */
package io.onlineem.bench;

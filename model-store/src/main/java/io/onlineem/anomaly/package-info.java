/** From how likely a record was to what to do about it: calibrated scores, incidents and their reasons. Knows of no model. */
package io.onlineem.anomaly;

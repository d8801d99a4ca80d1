package io.onlineem.demo;

import io.onlineem.observation.ScoredRecord;

/**
 * What the posteriors topic says of a day.
 *
 * @param date the day, ISO 8601
 * @param scored its posterior, or that the model was warming up
 */
record ScoredDay(String date, ScoredRecord scored) {}

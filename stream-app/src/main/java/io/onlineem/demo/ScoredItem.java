package io.onlineem.demo;

import io.onlineem.observation.ScoredRecord;

/**
 * What the posteriors topic says of an item of a replay.
 *
 * @param id the item's {@linkplain Replay.Item#id() id}
 * @param scored its posterior, or that the model was warming up
 */
record ScoredItem(String id, ScoredRecord scored) {}

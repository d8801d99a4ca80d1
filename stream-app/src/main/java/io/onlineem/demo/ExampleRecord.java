package io.onlineem.demo;

/**
 * A record of a generated stream.
 *
 * @param key its key
 * @param json its value
 * @param anomaly what is wrong with it; empty if nothing is
 */
record ExampleRecord(String key, String json, String anomaly) {

    boolean isAnomaly() {
        return !anomaly.isEmpty();
    }
}

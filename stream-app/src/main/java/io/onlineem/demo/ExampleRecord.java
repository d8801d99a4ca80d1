package io.onlineem.demo;

/**
 * A record of a generated stream.
 *
 * @param key its key
 * @param json its value
 * @param label what nobody tells the model: the anomaly that it is, empty if it is none, the regime it comes from, or
 *     what its sensors measure
 */
record ExampleRecord(String key, String json, String label) {

    ExampleRecord withKey(String newKey) {
        return new ExampleRecord(newKey, json, label);
    }

    boolean isAnomaly() {
        return !label.isEmpty();
    }
}

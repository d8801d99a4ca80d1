package io.onlineem.config;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;

/** Which Kafka properties hold secrets, so that their values are never shown. */
public final class Secrets {

    /** What is shown instead. */
    public static final String HIDDEN = "[hidden]";

    private static final Pattern SECRET_NAME = Pattern.compile(
            "password|passwd|passphrase|secret|jaas|token|credential|keystore\\.key|key\\.pem|private\\.?key|api\\.?key"
                    + "|certificate\\.chain|user\\.info",
            Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    /** Whether the value of a property must not be shown. */
    public static boolean isSecret(String property) {
        return SECRET_NAME.matcher(property).find()
                || KafkaProperties.definition(property).type() == ConfigDef.Type.PASSWORD;
    }

    /** Whether a line of a file may hold a secret. */
    static boolean mayHoldSecret(String line) {
        return SECRET_NAME.matcher(line).find();
    }

    /** A sorted copy with the secret values hidden. */
    public static Map<String, String> redact(Map<String, String> properties) {
        Map<String, String> redacted = new TreeMap<>(properties);
        redacted.replaceAll((property, value) -> isSecret(property) ? HIDDEN : value);
        return redacted;
    }
}

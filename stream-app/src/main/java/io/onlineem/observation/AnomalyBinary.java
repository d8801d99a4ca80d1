package io.onlineem.observation;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How unusual a record is, inside of {@link PosteriorBinary}, which draws its layout. */
final class AnomalyBinary {

    /** Bytes of a reason, its texts apart. */
    private static final int REASON = Integer.BYTES + 6 * Double.BYTES;

    private AnomalyBinary() {}

    static int size(Anomaly anomaly) {
        int size = 3 * Double.BYTES + sizeOf(anomaly.incident()) + 1;
        Explanation explanation = anomaly.explanation();
        if (explanation != null) {
            size += Double.BYTES + Integer.BYTES + Double.BYTES + Integer.BYTES;
            for (Reason reason : explanation.reasons()) {
                size += REASON + sizeOf(reason.category()) + sizeOf(reason.expectedCategory());
            }
        }
        return size;
    }

    private static int sizeOf(String text) {
        return Integer.BYTES + (text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length);
    }

    static void put(ByteBuffer buffer, Anomaly anomaly) {
        buffer.putDouble(anomaly.score()).putDouble(anomaly.tailProbability()).putDouble(anomaly.confidence());
        put(buffer, anomaly.incident());
        Explanation explanation = anomaly.explanation();
        buffer.put((byte) (explanation == null ? 0 : 1));
        if (explanation != null) {
            buffer.putDouble(explanation.surprise())
                    .putInt(explanation.component())
                    .putDouble(explanation.typical())
                    .putInt(explanation.reasons().size());
            explanation.reasons().forEach(reason -> put(buffer, reason));
        }
    }

    private static void put(ByteBuffer buffer, Reason reason) {
        buffer.putInt(reason.position())
                .putDouble(reason.value())
                .putDouble(reason.expected())
                .putDouble(reason.deviation())
                .putDouble(reason.surprise())
                .putDouble(reason.share())
                .putDouble(reason.season());
        put(buffer, reason.category());
        put(buffer, reason.expectedCategory());
    }

    /** No text has the length -1. */
    private static void put(ByteBuffer buffer, String text) {
        if (text == null) {
            buffer.putInt(-1);
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            buffer.putInt(utf8.length).put(utf8);
        }
    }

    static Anomaly get(ByteBuffer buffer) {
        double score = buffer.getDouble();
        double tailProbability = buffer.getDouble();
        double confidence = buffer.getDouble();
        String incident = text(buffer);
        return new Anomaly(
                score, tailProbability, confidence, incident, buffer.get() == 0 ? null : explanation(buffer));
    }

    private static Explanation explanation(ByteBuffer buffer) {
        double surprise = buffer.getDouble();
        int component = buffer.getInt();
        double typical = buffer.getDouble();
        int count = buffer.getInt();
        if (count < 0 || count > buffer.remaining() / REASON) {
            throw new BufferUnderflowException();
        }
        List<Reason> reasons = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int position = buffer.getInt();
            double value = buffer.getDouble();
            double expected = buffer.getDouble();
            double deviation = buffer.getDouble();
            double ofReason = buffer.getDouble();
            double share = buffer.getDouble();
            double season = buffer.getDouble();
            String category = text(buffer);
            reasons.add(
                    new Reason(position, value, category, expected, deviation, text(buffer), ofReason, share, season));
        }
        return new Explanation(surprise, component, typical, reasons);
    }

    private static String text(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length < -1 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        if (length == -1) {
            return null;
        }
        byte[] utf8 = new byte[length];
        buffer.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}

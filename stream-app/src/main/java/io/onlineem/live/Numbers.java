package io.onlineem.live;

import tools.jackson.core.JsonGenerator;

/** Numbers that are only looked at: seven digits, and null for those that JSON has no word for. */
final class Numbers {

    private Numbers() {}

    static void write(JsonGenerator generator, double value) {
        float rounded = (float) value;
        if (!Double.isFinite(value)) {
            generator.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            generator.writeNumber((long) value);
        } else if (Float.isInfinite(rounded) || (rounded == 0 && value != 0)) {
            generator.writeNumber(value);
        } else {
            generator.writeNumber(rounded);
        }
    }

    static void write(JsonGenerator generator, String name, double value) {
        generator.writeName(name);
        write(generator, value);
    }

    static void write(JsonGenerator generator, String name, double[] values) {
        generator.writeName(name);
        write(generator, values);
    }

    static void write(JsonGenerator generator, double[] values) {
        generator.writeStartArray();
        for (double value : values) {
            write(generator, value);
        }
        generator.writeEndArray();
    }

    static void write(JsonGenerator generator, String name, double[][] rows) {
        generator.writeName(name);
        generator.writeStartArray();
        for (double[] row : rows) {
            write(generator, row);
        }
        generator.writeEndArray();
    }
}

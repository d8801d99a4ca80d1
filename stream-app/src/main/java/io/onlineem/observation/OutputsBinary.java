package io.onlineem.observation;

import io.onlineem.em.Fields;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The outputs of a posterior inside of {@link PosteriorBinary}, which draws their layout. */
final class OutputsBinary {

    private static final byte NUMBER = 1;
    private static final byte VECTOR = 3;
    private static final byte MATRIX = 4;

    private OutputsBinary() {}

    static int size(Fields outputs) {
        int size = Integer.BYTES;
        for (String name : outputs.names()) {
            size += Short.BYTES + name.getBytes(StandardCharsets.UTF_8).length + 1 + sizeOf(outputs.get(name));
        }
        return size;
    }

    private static int sizeOf(Object value) {
        if (value instanceof double[] vector) {
            return Integer.BYTES + vector.length * Double.BYTES;
        }
        if (value instanceof double[][] matrix) {
            int size = Integer.BYTES;
            for (double[] row : matrix) {
                size += sizeOf(row);
            }
            return size;
        }
        return Double.BYTES;
    }

    static void put(ByteBuffer buffer, Fields outputs) {
        buffer.putInt(outputs.names().size());
        for (String name : outputs.names()) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            buffer.putShort((short) utf8.length).put(utf8);
            Object value = outputs.get(name);
            if (value instanceof double[] vector) {
                put(buffer.put(VECTOR), vector);
            } else if (value instanceof double[][] matrix) {
                buffer.put(MATRIX).putInt(matrix.length);
                for (double[] row : matrix) {
                    put(buffer, row);
                }
            } else if (value instanceof Double number) {
                buffer.put(NUMBER).putDouble(number);
            } else {
                throw new IllegalArgumentException("the output '" + name + "' of a posterior is a "
                        + value.getClass().getSimpleName() + "; expected a number, a vector or a matrix");
            }
        }
    }

    private static void put(ByteBuffer buffer, double[] vector) {
        buffer.putInt(vector.length);
        for (double number : vector) {
            buffer.putDouble(number);
        }
    }

    static Fields get(ByteBuffer buffer) {
        Fields outputs = new Fields();
        int count = buffer.getInt();
        for (int i = 0; i < count; i++) {
            byte[] utf8 = new byte[count(buffer, Short.toUnsignedInt(buffer.getShort()), 1)];
            buffer.get(utf8);
            byte type = buffer.get();
            Object value =
                    switch (type) {
                        case NUMBER -> buffer.getDouble();
                        case VECTOR -> vector(buffer);
                        case MATRIX -> matrix(buffer);
                        default ->
                            throw new IllegalArgumentException("type of an output is " + type + "; expected " + NUMBER
                                    + ", " + VECTOR + " or " + MATRIX);
                    };
            outputs.with(new String(utf8, StandardCharsets.UTF_8), value);
        }
        return outputs;
    }

    private static double[][] matrix(ByteBuffer buffer) {
        double[][] matrix = new double[count(buffer, buffer.getInt(), Integer.BYTES)][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = vector(buffer);
        }
        return matrix;
    }

    private static double[] vector(ByteBuffer buffer) {
        double[] vector = new double[count(buffer, buffer.getInt(), Double.BYTES)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = buffer.getDouble();
        }
        return vector;
    }

    /** Before anything is allocated. */
    private static int count(ByteBuffer buffer, int count, int bytes) {
        if (count < 0 || count > buffer.remaining() / bytes) {
            throw new BufferUnderflowException();
        }
        return count;
    }
}

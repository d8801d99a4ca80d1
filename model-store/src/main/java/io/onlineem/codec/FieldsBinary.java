package io.onlineem.codec;

import io.onlineem.em.Fields;

/**
 * Named values inside a binary value.
 *
 * <table>
 * <caption>Layout</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>4</td><td>number of fields, then for each of them:</td></tr>
 * <tr><td>4 + n</td><td>name, a text</td></tr>
 * <tr><td>1</td><td>type: 1 number, 2 text, 3 vector, 4 matrix, 5 list of matrices, 6 fields, 7 list of texts</td></tr>
 * <tr><td>…</td><td>the value: a number 8 bytes; a vector its length (int) and its numbers; a matrix the number of rows
 * (int) and each row as a vector; a list its size (int) and each matrix; nested fields as here; a list of texts its size
 * (int) and each text</td></tr>
 * </table>
 */
final class FieldsBinary {

    private static final int NUMBER = 1;
    private static final int TEXT = 2;
    private static final int VECTOR = 3;
    private static final int MATRIX = 4;
    private static final int MATRICES = 5;
    private static final int FIELDS = 6;
    private static final int TEXTS = 7;

    /** Deeper nesting than any model needs; keeps corrupt input from exhausting the stack. */
    private static final int DEEPEST = 16;

    /** Bytes of the smallest field: an empty name, the type, an empty value. */
    private static final int SMALLEST_FIELD = 9;

    private FieldsBinary() {}

    static void write(ByteWriter out, Fields fields) {
        write(out, fields, 1);
    }

    private static void write(ByteWriter out, Fields fields, int depth) {
        if (depth > DEEPEST) {
            throw new CodecException("fields are nested more than " + DEEPEST + " deep");
        }
        out.int32(fields.names().size());
        for (String name : fields.names()) {
            out.text(name);
            Object value = fields.get(name);
            if (value instanceof Double number) {
                out.int8(NUMBER).number(number);
            } else if (value instanceof String text) {
                out.int8(TEXT).text(text);
            } else if (value instanceof String[] texts) {
                out.int8(TEXTS).int32(texts.length);
                for (String text : texts) {
                    out.text(text);
                }
            } else if (value instanceof double[] vector) {
                out.int8(VECTOR).vector(vector);
            } else if (value instanceof double[][] matrix) {
                matrix(out.int8(MATRIX), matrix);
            } else if (value instanceof double[][][] matrices) {
                out.int8(MATRICES).int32(matrices.length);
                for (double[][] matrix : matrices) {
                    matrix(out, matrix);
                }
            } else {
                write(out.int8(FIELDS), (Fields) value, depth + 1);
            }
        }
    }

    private static void matrix(ByteWriter out, double[][] matrix) {
        out.int32(matrix.length);
        for (double[] row : matrix) {
            out.vector(row);
        }
    }

    static Fields read(ByteReader in) {
        return read(in, 1);
    }

    private static Fields read(ByteReader in, int depth) {
        if (depth > DEEPEST) {
            throw in.corrupt("fields are nested more than " + DEEPEST + " deep");
        }
        Fields fields = new Fields();
        int count = in.count(SMALLEST_FIELD);
        for (int i = 0; i < count; i++) {
            String name = in.text();
            int type = in.int8();
            fields.with(
                    name,
                    switch (type) {
                        case NUMBER -> in.number();
                        case TEXT -> in.text();
                        case VECTOR -> in.vector();
                        case MATRIX -> matrix(in);
                        case MATRICES -> matrices(in);
                        case FIELDS -> read(in, depth + 1);
                        case TEXTS -> texts(in);
                        default ->
                            throw in.corrupt("field '" + name + "' is of type " + type + "; expected 1 to " + TEXTS);
                    });
        }
        return fields;
    }

    private static String[] texts(ByteReader in) {
        String[] texts = new String[in.count(Integer.BYTES)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = in.text();
        }
        return texts;
    }

    private static double[][] matrix(ByteReader in) {
        double[][] matrix = new double[in.count(Integer.BYTES)][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = in.vector();
        }
        return matrix;
    }

    private static double[][][] matrices(ByteReader in) {
        double[][][] matrices = new double[in.count(Integer.BYTES)][][];
        for (int i = 0; i < matrices.length; i++) {
            matrices[i] = matrix(in);
        }
        return matrices;
    }
}

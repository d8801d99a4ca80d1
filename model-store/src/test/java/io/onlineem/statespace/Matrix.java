package io.onlineem.statespace;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** EJML's matrices as values, for formulas that read like those on paper. */
record Matrix(DMatrixRMaj of) {

    Matrix(double[][] rows) {
        this(new DMatrixRMaj(rows));
    }

    static Matrix zero(int rows, int columns) {
        return new Matrix(new DMatrixRMaj(rows, columns));
    }

    static Matrix column(double... numbers) {
        return new Matrix(new DMatrixRMaj(numbers.length, 1, true, numbers));
    }

    int rows() {
        return of.getNumRows();
    }

    int columns() {
        return of.getNumCols();
    }

    double get(int i, int j) {
        return of.get(i, j);
    }

    void set(int i, int j, double value) {
        of.set(i, j, value);
    }

    Matrix plus(Matrix other) {
        DMatrixRMaj sum = new DMatrixRMaj(rows(), columns());
        CommonOps_DDRM.add(of, other.of, sum);
        return new Matrix(sum);
    }

    Matrix minus(Matrix other) {
        return plus(other.scale(-1));
    }

    Matrix scale(double factor) {
        DMatrixRMaj scaled = of.copy();
        CommonOps_DDRM.scale(factor, scaled);
        return new Matrix(scaled);
    }

    Matrix mult(Matrix other) {
        DMatrixRMaj product = new DMatrixRMaj(rows(), other.columns());
        CommonOps_DDRM.mult(of, other.of, product);
        return new Matrix(product);
    }

    Matrix transpose() {
        return new Matrix(CommonOps_DDRM.transpose(of, null));
    }

    /** {@code A⁻¹ B}. */
    Matrix solve(Matrix b) {
        return invert().mult(b);
    }

    Matrix invert() {
        DMatrixRMaj inverse = new DMatrixRMaj(rows(), rows());
        if (!CommonOps_DDRM.invert(of, inverse)) {
            throw new IllegalArgumentException("singular: " + of);
        }
        return new Matrix(inverse);
    }

    double determinant() {
        return CommonOps_DDRM.det(of);
    }

    /** Of columns. */
    double dot(Matrix other) {
        return transpose().mult(other).get(0, 0);
    }

    Matrix part(int fromRow, int toRow, int fromColumn, int toColumn) {
        return new Matrix(CommonOps_DDRM.extract(of, fromRow, toRow, fromColumn, toColumn));
    }

    Matrix row(int i) {
        return part(i, i + 1, 0, columns());
    }

    void insert(int row, int column, Matrix part) {
        CommonOps_DDRM.insert(part.of, of, row, column);
    }

    double largest() {
        return CommonOps_DDRM.elementMaxAbs(of);
    }
}

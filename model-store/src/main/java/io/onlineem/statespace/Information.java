package io.onlineem.statespace;

import java.util.List;

/**
 * What a record of a long sequence tells of the variances of its noises, and what it would tell if the states could be seen.
 * Variances enter the spectral density of the records linearly, {@code f(ω) = H Q H* + R}, {@code H = C (I - A e^-iω)⁻¹}, and
 * the information of a record is that of Whittle (1953),
 *
 * <pre>  I_kl = (1 / 4π) ∫ tr f⁻¹ (∂f/∂θ_k) f⁻¹ (∂f/∂θ_l) dω.</pre>
 *
 * Stateless.
 */
final class Information {

    /** Frequencies at which the integrand is taken: denser towards 0, where slow states show. */
    private static final int FREQUENCIES = 32;

    private Information() {}

    /**
     * The information of the records.
     *
     * @param processes what each variance of the process noise multiplies, n × n
     * @param noises what each variance of the observation noise multiplies, d × d
     */
    static double[][] ofRecords(StateSpaceParameters parameters, List<double[][]> processes, List<double[][]> noises) {
        int n = parameters.transition().length;
        int d = parameters.observation().length;
        int variances = processes.size() + noises.size();
        double[][] information = new double[variances][variances];
        Complex[] shares = new Complex[variances];
        for (int m = 0; m < FREQUENCIES; m++) {
            double u = (m + 0.5) / FREQUENCIES;
            double frequency = Math.PI * u * u * u;
            double weight = 3 * u * u / FREQUENCIES / 2;
            Complex resolvent = Complex.zero(n, n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double entry = parameters.transition()[i][j];
                    resolvent.re[i][j] = (i == j ? 1 : 0) - entry * Math.cos(frequency);
                    resolvent.im[i][j] = entry * Math.sin(frequency);
                }
            }
            Complex gain = Complex.of(parameters.observation()).times(resolvent.inverse());
            Complex adjoint = gain.adjoint();
            Complex density = gain.times(Complex.of(parameters.processNoise()))
                    .times(adjoint)
                    .plus(Complex.of(parameters.observationNoise()));
            Complex inverse = density.inverse();
            for (int k = 0; k < variances; k++) {
                Complex change = k < processes.size()
                        ? gain.times(Complex.of(processes.get(k))).times(adjoint)
                        : Complex.of(noises.get(k - processes.size()));
                shares[k] = inverse.times(change);
            }
            for (int k = 0; k < variances; k++) {
                for (int l = 0; l <= k; l++) {
                    double sum = 0;
                    for (int i = 0; i < d; i++) {
                        for (int j = 0; j < d; j++) {
                            sum += shares[k].re[i][j] * shares[l].re[j][i] - shares[k].im[i][j] * shares[l].im[j][i];
                        }
                    }
                    information[k][l] += weight * sum;
                    information[l][k] = information[k][l];
                }
            }
        }
        return information;
    }

    /** A complex matrix. */
    private record Complex(double[][] re, double[][] im) {

        static Complex zero(int rows, int columns) {
            return new Complex(new double[rows][columns], new double[rows][columns]);
        }

        static Complex of(double[][] real) {
            return new Complex(real, new double[real.length][real[0].length]);
        }

        Complex plus(Complex other) {
            Complex sum = zero(re.length, re[0].length);
            for (int i = 0; i < re.length; i++) {
                for (int j = 0; j < re[0].length; j++) {
                    sum.re[i][j] = re[i][j] + other.re[i][j];
                    sum.im[i][j] = im[i][j] + other.im[i][j];
                }
            }
            return sum;
        }

        Complex times(Complex other) {
            Complex product = zero(re.length, other.re[0].length);
            for (int i = 0; i < re.length; i++) {
                for (int k = 0; k < other.re.length; k++) {
                    for (int j = 0; j < other.re[0].length; j++) {
                        product.re[i][j] += re[i][k] * other.re[k][j] - im[i][k] * other.im[k][j];
                        product.im[i][j] += re[i][k] * other.im[k][j] + im[i][k] * other.re[k][j];
                    }
                }
            }
            return product;
        }

        Complex adjoint() {
            Complex adjoint = zero(re[0].length, re.length);
            for (int i = 0; i < re.length; i++) {
                for (int j = 0; j < re[0].length; j++) {
                    adjoint.re[j][i] = re[i][j];
                    adjoint.im[j][i] = -im[i][j];
                }
            }
            return adjoint;
        }

        /** By Gauss-Jordan with pivots of largest magnitude. */
        Complex inverse() {
            int n = re.length;
            Complex left = plus(zero(n, n));
            Complex right = zero(n, n);
            for (int i = 0; i < n; i++) {
                right.re[i][i] = 1;
            }
            for (int p = 0; p < n; p++) {
                int best = p;
                for (int i = p + 1; i < n; i++) {
                    if (left.magnitude(i, p) > left.magnitude(best, p)) {
                        best = i;
                    }
                }
                left.swap(p, best);
                right.swap(p, best);
                double square = left.re[p][p] * left.re[p][p] + left.im[p][p] * left.im[p][p];
                double a = left.re[p][p] / square;
                double b = -left.im[p][p] / square;
                left.multiply(p, a, b);
                right.multiply(p, a, b);
                for (int i = 0; i < n; i++) {
                    if (i != p) {
                        double x = left.re[i][p];
                        double y = left.im[i][p];
                        left.subtract(i, p, x, y);
                        right.subtract(i, p, x, y);
                    }
                }
            }
            return right;
        }

        private double magnitude(int i, int j) {
            return Math.abs(re[i][j]) + Math.abs(im[i][j]);
        }

        private void swap(int i, int j) {
            double[] real = re[i];
            re[i] = re[j];
            re[j] = real;
            double[] imaginary = im[i];
            im[i] = im[j];
            im[j] = imaginary;
        }

        private void multiply(int i, double a, double b) {
            for (int j = 0; j < re[i].length; j++) {
                double real = re[i][j];
                re[i][j] = a * real - b * im[i][j];
                im[i][j] = a * im[i][j] + b * real;
            }
        }

        private void subtract(int i, int p, double x, double y) {
            for (int j = 0; j < re[i].length; j++) {
                re[i][j] -= x * re[p][j] - y * im[p][j];
                im[i][j] -= x * im[p][j] + y * re[p][j];
            }
        }
    }
}

package io.onlineem.topic;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Coordinate ascent of one document's bound in γ and φ (Hoffman, Blei and Bach 2010, algorithm 1):
 *
 * <pre>
 *   φ_wk ∝ exp(E[log θ_k] + E[log β_kw]),    γ_k = α_k + Σ_w n_w φ_wk,
 * </pre>
 *
 * where {@code exp E[log β_kw] = e^ψ(λ_kw) / e^ψ(Σ_w λ_kw)} is prepared once. The topics of a word stand side by side, and each
 * word is scaled by its largest topic, so that a word that is rare everywhere does not underflow. Of a document the rows of its
 * words are copied, and their transpose: both sums of an iteration then run along rows, which the JIT vectorises.
 */
final class LdaEStep implements EStep {

    /** The exponential of E[log θ] falls no lower: even so rare a topic explains a word that no other does. */
    private static final double SMALLEST_SHARE = 1e-220;

    /** Change of γ relative to the length of a document that is rounding, not progress. */
    private static final double ROUNDING = 1e-13;

    /** The tenth power of it is still a number, and the series loses no digits yet. */
    private static final double LARGEST_OF_SERIES = 1000;

    private static final double HALF_LOG_OF_2_PI = 0.5 * Math.log(2 * Math.PI);

    private final LdaParameters parameters;
    private final Convergence convergence;
    private final int topics;

    /** Most unknown words that are told of a mini-batch; 0 if the vocabulary does not grow. */
    private final int toldWords;

    /** Where {@code Σ E[log θ]} begins in the statistics. */
    private final int proportionsAt;

    /** W × K: {@code exp E[log β]} over the largest of the word. */
    private final double[] shares;

    /** log of the largest of each word. */
    private final double[] logScales;

    private final double alphaSum;
    private final double logNormaliser;

    private final ExpDigamma expDigamma;
    private final double[] gamma;
    private final double[] expTheta;
    private final double[] next;

    /** The document at hand: its known words and their counts, the sum of the counts, and that of unknown words. */
    private int[] words = new int[0];

    private double[] counts = new double[0];
    private int size;
    private double length;
    private double unknown;

    /** Of its words: the shares in each topic, transposed too, {@code Σ_k}, and the counts over it. */
    private double[][] ofWord = new double[0][];

    private final double[][] ofTopic;
    private double[] norms = new double[0];
    private double[] ratios = new double[0];

    /**
     * When γ of a document has converged.
     *
     * @param tolerance mean absolute change of γ at which to stop
     * @param maxIterations most iterations
     */
    record Convergence(double tolerance, int maxIterations) {}

    LdaEStep(LdaParameters parameters, Convergence convergence, int toldWords, int proportionsAt) {
        this.parameters = parameters;
        this.convergence = convergence;
        this.toldWords = toldWords;
        this.proportionsAt = proportionsAt;
        this.topics = parameters.topics();
        this.expDigamma = new ExpDigamma(Math.max(topics, Lanes.SIZE));
        this.shares = new double[parameters.wordCounts().length];
        this.logScales = new double[parameters.vocabulary().size()];
        this.alphaSum = Arrays.stream(parameters.alpha()).sum();
        this.logNormaliser = LogGamma.value(alphaSum)
                - Arrays.stream(parameters.alpha()).map(LdaEStep::logGamma).sum();
        this.gamma = new double[topics];
        this.expTheta = new double[topics];
        this.next = new double[topics];
        this.ofTopic = new double[topics][0];
        prepare();
    }

    private void prepare() {
        double[] totals = new double[topics];
        double[] lambda = parameters.wordCounts();
        for (int at = 0; at < lambda.length; at += topics) {
            for (int k = 0; k < topics; k++) {
                totals[k] += lambda[at + k];
            }
        }
        expDigamma.apply(totals, totals, topics);
        double[] block = new double[Lanes.SIZE];
        for (int from = 0; from < lambda.length; from += block.length) {
            int n = Math.min(block.length, lambda.length - from);
            System.arraycopy(lambda, from, block, 0, n);
            expDigamma.apply(block, block, n);
            System.arraycopy(block, 0, shares, from, n);
        }
        for (int w = 0; w < logScales.length; w++) {
            int at = w * topics;
            double largest = 0;
            for (int k = 0; k < topics; k++) {
                shares[at + k] /= totals[k];
                largest = Math.max(largest, shares[at + k]);
            }
            for (int k = 0; k < topics; k++) {
                shares[at + k] /= largest;
            }
            logScales[w] = Math.log(largest);
        }
    }

    @Override
    public Posterior score(Observations records, int index, double[] memory) {
        read(records, index, null);
        infer();
        double bound = bound();
        double[] proportions = new double[topics];
        double total = 0;
        for (double number : gamma) {
            total += number;
        }
        for (int k = 0; k < topics; k++) {
            proportions[k] = gamma[k] / total;
        }
        Fields outputs = new Fields()
                .with("words", length)
                .with("unknownWords", unknown)
                .with("perWordBound", length == 0 ? 0.0 : bound / length);
        return new Posterior(proportions, bound, List.of(), outputs);
    }

    @Override
    public double accumulate(Observations block, Statistics into) {
        double total = 0;
        double[] sums = into.sums();
        Map<Double, Double> unknownWords = toldWords == 0 ? null : new HashMap<>();
        for (int i = 0; i < block.size(); i++) {
            double weight = block.weight(i);
            read(block, i, unknownWords);
            infer();
            total += weight * bound();
            for (int j = 0; j < size; j++) {
                int at = words[j] * topics;
                double factor = weight * ratios[j];
                for (int k = 0; k < topics; k++) {
                    sums[at + k] = Math.fma(factor * expTheta[k], shares[at + k], sums[at + k]);
                }
            }
            for (int k = 0; k < topics; k++) {
                // the bound has left E[log θ] there
                sums[proportionsAt + k] = Math.fma(weight, next[k], sums[proportionsAt + k]);
            }
        }
        into.count(block.size(), block.totalWeight());
        if (unknownWords != null && !unknownWords.isEmpty()) {
            tell(unknownWords, block.categories(), into);
        }
        return total;
    }

    /** Takes over the words of a document; the order of unknown ones does not matter. */
    private void read(Observations records, int index, Map<Double, Double> unknownWords) {
        double[] values = records.values();
        int begin = records.offset(index);
        int end = begin + records.length(index);
        size = 0;
        length = 0;
        unknown = 0;
        makeRoom((end - begin) / 2);
        for (int at = begin; at + 1 < end; at += 2) {
            double count = values[at + 1];
            if (!(count >= 0 && count <= Lda.LARGEST_COUNT)) {
                throw new IllegalArgumentException("record " + index + " counts a word " + count + " times"
                        + (Double.isFinite(count) ? "" : ", which is not finite") + "; expected a count from 0 to "
                        + Lda.LARGEST_COUNT);
            }
            int word = parameters.vocabulary().of(values[at]);
            if (word == Vocabulary.UNKNOWN) {
                unknown += count;
                if (unknownWords != null && count > 0) {
                    unknownWords.merge(values[at], records.weight(index) * count, Double::sum);
                }
            } else if (count > 0) {
                words[size] = word;
                counts[size] = count;
                length += count;
                size++;
            }
        }
        for (int j = 0; j < size; j++) {
            System.arraycopy(shares, words[j] * topics, ofWord[j], 0, topics);
        }
        for (int k = 0; k < topics; k++) {
            double[] column = ofTopic[k];
            for (int j = 0; j < size; j++) {
                column[j] = ofWord[j][k];
            }
        }
    }

    private void makeRoom(int distinct) {
        if (distinct <= words.length) {
            return;
        }
        int room = Math.max(distinct, 2 * words.length);
        words = new int[room];
        counts = new double[room];
        norms = new double[room];
        ratios = new double[room];
        int before = ofWord.length;
        ofWord = Arrays.copyOf(ofWord, room);
        for (int j = before; j < room; j++) {
            ofWord[j] = new double[topics];
        }
        for (int k = 0; k < topics; k++) {
            ofTopic[k] = new double[room];
        }
    }

    /** Finds γ; leaves exp E[log θ] of it, up to a factor that φ does not see, and the counts over the norms of φ. */
    private void infer() {
        double[] alpha = parameters.alpha();
        for (int k = 0; k < topics; k++) {
            gamma[k] = alpha[k] + length / topics;
        }
        share();
        if (size == 0) {
            return;
        }
        for (int iteration = 0; iteration < convergence.maxIterations(); iteration++) {
            Arrays.fill(next, 0);
            int j = 0;
            for (; j + 4 <= size; j += 4) {
                Lanes.addScaled(
                        ratios[j],
                        ofWord[j],
                        ratios[j + 1],
                        ofWord[j + 1],
                        ratios[j + 2],
                        ofWord[j + 2],
                        ratios[j + 3],
                        ofWord[j + 3],
                        next,
                        topics);
            }
            for (; j < size; j++) {
                Lanes.addScaled(ratios[j], ofWord[j], next, topics);
            }
            double change = 0;
            for (int k = 0; k < topics; k++) {
                double updated = Math.fma(expTheta[k], next[k], alpha[k]);
                change += Math.abs(updated - gamma[k]);
                gamma[k] = updated;
            }
            share();
            if (change <= Math.max(convergence.tolerance() * topics, ROUNDING * length)) {
                break;
            }
        }
    }

    /** exp E[log θ] of γ, and with it the norms of φ. */
    private void share() {
        expDigamma.apply(gamma, expTheta, topics);
        for (int k = 0; k < topics; k++) {
            expTheta[k] = Math.max(expTheta[k], SMALLEST_SHARE);
        }
        Arrays.fill(norms, 0, size, 0);
        int k = 0;
        for (; k + 4 <= topics; k += 4) {
            Lanes.addScaled(
                    expTheta[k],
                    ofTopic[k],
                    expTheta[k + 1],
                    ofTopic[k + 1],
                    expTheta[k + 2],
                    ofTopic[k + 2],
                    expTheta[k + 3],
                    ofTopic[k + 3],
                    norms,
                    size);
        }
        for (; k < topics; k++) {
            Lanes.addScaled(expTheta[k], ofTopic[k], norms, size);
        }
        Lanes.divide(counts, norms, ratios, size);
    }

    /**
     * The bound of the document with γ, φ being best for it:
     *
     * <pre>  Σ_w n_w log Σ_k exp(E[log θ_k] + E[log β_kw]) - KL(Dir(γ) ‖ Dir(α)).</pre>
     *
     * <p>Leaves E[log θ] in {@link #next}.
     */
    private double bound() {
        double[] alpha = parameters.alpha();
        double total = 0;
        for (double number : gamma) {
            total += number;
        }
        double digammaOfTotal = Digamma.value(total);
        double bound = logNormaliser - LogGamma.value(total);
        for (int k = 0; k < topics; k++) {
            double logProportion = Math.log(expTheta[k]) - digammaOfTotal;
            bound += (alpha[k] - gamma[k]) * logProportion + logGamma(gamma[k]);
            next[k] = logProportion;
        }
        double ofWords = -length * digammaOfTotal;
        for (int j = 0; j < size; j++) {
            ofWords = Math.fma(counts[j], Math.log(norms[j]) + logScales[words[j]], ofWords);
        }
        return bound + ofWords;
    }

    /** log Γ(x) by Stirling's series at x + 10, to 1e-13: there are K of them in every document. */
    private static double logGamma(double x) {
        if (x > LARGEST_OF_SERIES) {
            return LogGamma.value(x);
        }
        double product = x * (x + 1) * (x + 2) * (x + 3) * (x + 4) * (x + 5) * (x + 6) * (x + 7) * (x + 8) * (x + 9);
        double z = x + 10;
        double r = 1 / z;
        double s = r * r;
        double series = r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s / 1188))));
        return (z - 0.5) * Math.log(z) - z + HALF_LOG_OF_2_PI + series - Math.log(product);
    }

    /** Keeps the heaviest unknown words beside the sums, as one document. */
    private void tell(Map<Double, Double> unknownWords, Map<Double, String> texts, Statistics into) {
        List<Map.Entry<Double, Double>> heaviest = unknownWords.entrySet().stream()
                .filter(word -> texts.containsKey(word.getKey()))
                .sorted(Map.Entry.<Double, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(toldWords)
                .toList();
        if (heaviest.isEmpty()) {
            return;
        }
        double[] document = new double[2 * heaviest.size()];
        Map<Double, String> kept = new HashMap<>();
        for (int i = 0; i < heaviest.size(); i++) {
            double code = heaviest.get(i).getKey();
            document[2 * i] = code;
            document[2 * i + 1] = heaviest.get(i).getValue();
            kept.put(code, texts.get(code));
        }
        if (into.sample() == null) {
            into.setSample(new Observations(1, document.length));
        }
        into.sample().add(document);
        into.sample().addCategories(kept);
    }
}

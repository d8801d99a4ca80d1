package io.onlineem.topic;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Latent Dirichlet allocation (Blei, Ng and Jordan 2003), learned by online variational EM (Hoffman, Blei and Bach 2010): a
 * document has proportions θ ~ Dir(α) of K topics, each of its words a topic z ~ θ, and a topic is a distribution β_k ~
 * Dir(η) over words.
 *
 * <p>A record is a document, pairs of a word's {@linkplain Observations#category code} and how often it occurs, from 0 to
 * {@value #LARGEST_COUNT}; fractions are allowed, and an empty document too. Words that are not in the vocabulary are counted and
 * otherwise ignored.
 *
 * <p>The E-step fits q(θ) = Dir(γ) to every document by coordinate ascent, with q(β_k) = Dir(λ_k) fixed. The posterior's
 * probabilities are E[θ], its log-likelihood is the bound of the document, {@code E_q[log p(w, z | θ, β) + log p(θ)] + H(q)}
 * without what β costs, natural logarithm. Outputs: {@code words}, the number of known words, {@code unknownWords}, and {@code
 * perWordBound}, the bound over the number of words (0 of an empty document).
 *
 * <p>Statistics: {@code Σ_d E[n_kw]}, expected counts of word and topic, for each place of the vocabulary K numbers side by
 * side; then {@code Σ_d E[log θ_k]}, K numbers.
 *
 * <p>M-step: {@code λ = η + D S} where S are the means per document and D is the number of documents, of a stream that of all so
 * far. They are more than the step size remembers; but the expected logarithms of topics that were as uncertain as that would make
 * rare words all but impossible, and so Hoffman, Blei and Bach count with the size of the corpus. Where α is learned, it is the
 * MAP estimate with a prior of {@value #PSEUDO_DOCUMENTS} document like the symmetric α.
 *
 * <p>With α below 1 the bound of a short document may have several maxima; the E-step finds the one that it reaches from equal
 * proportions. EM climbs the bound of all documents, a jump of a document from one maximum to another apart, and {@link #logPrior} is the part of it that is the topics': {@code
 * -Σ_k KL(Dir(λ_k) ‖ Dir(η))}.
 *
 * <p>The vocabulary is given, or it is learned: the heaviest words of the first sample, and after it every new word while there is
 * room. When it is full, the words outside are watched (see {@link Candidates}), and one that becomes heavier than the lightest
 * word inside takes its place. A word that enters begins with its count spread over the topics as all words are. In several tasks
 * learning in parallel, statistics that are on their way while a word's place is given away count for the word that
 * has it now; it was the lightest.
 */
public final class Lda implements Model<LdaParameters> {

    /** Smallest α and η: an expected logarithm below -500 would be lost. */
    static final double SMALLEST_CONCENTRATION = 0.002;

    static final double LARGEST_CONCENTRATION = 1e6;

    static final double LARGEST_COUNT = 1e15;

    /** What a prior of α counts as. */
    static final double PSEUDO_DOCUMENTS = 1;

    private static final double MEMORY_PER_TOPIC = 20;
    private static final double LEAST_MEMORY = 100;

    private static final LdaEStep.Convergence CONVERGENCE = new LdaEStep.Convergence(1e-3, 100);

    private final int topics;

    /** Empty if it is learned. */
    private final List<String> given;

    private final int room;
    private final double alpha;
    private final double eta;
    private final boolean alphaLearned;
    private final LdaEStep.Convergence convergence;

    private Lda(
            int topics,
            List<String> given,
            int room,
            double alpha,
            double eta,
            boolean alphaLearned,
            LdaEStep.Convergence convergence) {
        if (topics < 1) {
            throw new IllegalArgumentException("number of topics is " + topics + "; expected at least 1");
        }
        if (room < 1 || (long) topics * room > Integer.MAX_VALUE / 16) {
            throw new IllegalArgumentException(
                    "size of the vocabulary is " + room + "; expected at least 1 word, and at" + " most "
                            + Integer.MAX_VALUE / 16 / topics + " for " + topics + " topics");
        }
        requireConcentration("alpha", alpha);
        requireConcentration("eta", eta);
        this.topics = topics;
        this.given = List.copyOf(given);
        this.room = room;
        this.alpha = alpha;
        this.eta = eta;
        this.alphaLearned = alphaLearned;
        this.convergence = convergence;
    }

    /** A model of the words of a given vocabulary, with symmetric priors {@code α = η = 1 / K}. */
    public static Lda of(int topics, Vocabulary vocabulary) {
        double concentration = defaultConcentration(topics);
        return new Lda(topics, vocabulary.words(), vocabulary.size(), concentration, concentration, false, CONVERGENCE);
    }

    /** The same of a vocabulary that is learned, of at most so many words. */
    public static Lda of(int topics, int vocabularySize) {
        double concentration = defaultConcentration(topics);
        return new Lda(topics, List.of(), vocabularySize, concentration, concentration, false, CONVERGENCE);
    }

    /** 1 / K, what α and η are if nothing is said. */
    public static double defaultConcentration(int topics) {
        return Math.max(SMALLEST_CONCENTRATION, 1.0 / Math.max(1, topics));
    }

    /**
     * The same with other Dirichlet priors.
     *
     * @param newAlpha of the topics in a document; where α is learned, what it starts from
     * @param newEta of the words in a topic
     */
    public Lda withPriors(double newAlpha, double newEta) {
        return new Lda(topics, given, room, newAlpha, newEta, alphaLearned, convergence);
    }

    /** The same with an α for each topic that is learned. */
    public Lda withLearnedAlpha() {
        return new Lda(topics, given, room, alpha, eta, true, convergence);
    }

    /**
     * The same with another end of the E-step.
     *
     * @param tolerance mean absolute change of γ, in words, at which to stop; 1e-3 if nothing is said
     * @param maxIterations most iterations for a document; 100 if nothing is said
     */
    public Lda withConvergence(double tolerance, int maxIterations) {
        return new Lda(
                topics, given, room, alpha, eta, alphaLearned, new LdaEStep.Convergence(tolerance, maxIterations));
    }

    private static void requireConcentration(String what, double value) {
        if (!(value >= SMALLEST_CONCENTRATION && value <= LARGEST_CONCENTRATION)) {
            throw new IllegalArgumentException(what + " is " + value + "; expected a number from "
                    + SMALLEST_CONCENTRATION + " to " + LARGEST_CONCENTRATION);
        }
    }

    private boolean grows() {
        return given.isEmpty();
    }

    /** Most candidates, and most new words told of a mini-batch. */
    private int candidates() {
        return grows() ? Math.max(64, room / 4) : 0;
    }

    @Override
    public int width() {
        return 0;
    }

    @Override
    public List<Domain> domains() {
        return List.of();
    }

    @Override
    public boolean acceptsMissing() {
        return false;
    }

    @Override
    public Problem problem(Observations records, int index) {
        int length = records.length(index);
        for (int j = 0; j < length; j++) {
            double value = records.value(index, j);
            if (j % 2 == 0 ? !Domain.CATEGORY.contains(value) : !(value >= 0 && value <= LARGEST_COUNT)) {
                return new Problem(
                        j, j % 2 == 0 ? "the code of a word" : "how often a word occurs, from 0 to " + LARGEST_COUNT);
            }
        }
        return length % 2 == 0 ? null : new Problem(length - 1, "pairs of a word and how often it occurs");
    }

    /** Number of topics. */
    @Override
    public int components() {
        return topics;
    }

    @Override
    public int statisticsLength() {
        return topics * room + topics;
    }

    private int proportionsAt() {
        return topics * room;
    }

    /** {@inheritDoc} Those of a full vocabulary. */
    @Override
    public int degreesOfFreedom() {
        return topics * (room - 1) + (alphaLearned ? topics : 0);
    }

    @Override
    public int degreesOfFreedom(LdaParameters parameters) {
        return topics * Math.max(0, parameters.vocabulary().size() - 1) + (alphaLearned ? topics : 0);
    }

    @Override
    public EStep eStep(LdaParameters parameters) {
        return new LdaEStep(parameters, convergence, candidates(), proportionsAt());
    }

    @Override
    public LdaParameters mStep(double[] statistics, double observations, LdaParameters current) {
        double[] lambda = new double[current.vocabulary().size() * topics];
        for (int i = 0; i < lambda.length; i++) {
            lambda[i] = Math.fma(observations, statistics[i], eta);
        }
        return new LdaParameters(
                current.vocabulary(),
                alphaLearned ? learnedAlpha(statistics, observations, current.alpha()) : current.alpha(),
                lambda,
                observations,
                current.candidates());
    }

    private double[] learnedAlpha(double[] statistics, double observations, double[] current) {
        double share = shareOf(observations);
        double prior = priorLogProportion();
        double[] logs = new double[topics];
        for (int k = 0; k < topics; k++) {
            logs[k] = share * statistics[proportionsAt() + k] + (1 - share) * prior;
        }
        return DirichletFit.fit(logs, current, SMALLEST_CONCENTRATION, LARGEST_CONCENTRATION);
    }

    /** What the documents count in the fit of α, beside its prior. */
    private static double shareOf(double observations) {
        return observations / (observations + PSEUDO_DOCUMENTS);
    }

    /** E[log θ] of the symmetric α. */
    private double priorLogProportion() {
        return Digamma.value(alpha) - Digamma.value(topics * alpha);
    }

    @Override
    public double[] statistics(LdaParameters parameters) {
        double[] statistics = new double[statisticsLength()];
        double[] lambda = parameters.wordCounts();
        for (int i = 0; i < lambda.length; i++) {
            statistics[i] = Math.max(0, lambda[i] - eta) / parameters.documents();
        }
        double share = shareOf(parameters.documents());
        double ofSum = Digamma.value(Arrays.stream(parameters.alpha()).sum());
        for (int k = 0; k < topics; k++) {
            double log = Digamma.value(parameters.alpha()[k]) - ofSum;
            statistics[proportionsAt() + k] = (log - (1 - share) * priorLogProportion()) / share;
        }
        return statistics;
    }

    @Override
    public double logPrior(LdaParameters parameters) {
        double[] lambda = parameters.wordCounts();
        int words = parameters.vocabulary().size();
        double logPrior = 0;
        if (words > 0) {
            double[] totals = new double[topics];
            for (int i = 0; i < lambda.length; i++) {
                totals[i % topics] += lambda[i];
            }
            double normaliser = LogGamma.value(words * eta) - words * LogGamma.value(eta);
            double[] ofTotals = Arrays.stream(totals).map(Digamma::value).toArray();
            for (int k = 0; k < topics; k++) {
                logPrior += normaliser - LogGamma.value(totals[k]);
            }
            for (int i = 0; i < lambda.length; i++) {
                logPrior += LogGamma.value(lambda[i])
                        + (eta - lambda[i]) * (Digamma.value(lambda[i]) - ofTotals[i % topics]);
            }
        }
        if (alphaLearned) {
            double[] logs = new double[topics];
            Arrays.fill(logs, priorLogProportion());
            logPrior += PSEUDO_DOCUMENTS * DirichletFit.objective(parameters.alpha(), logs);
        }
        return logPrior;
    }

    /** {@inheritDoc} Topics like documents that have little in common, mixed with all documents. */
    @Override
    public LdaParameters start(Observations sample, RandomGenerator random) {
        Vocabulary vocabulary = new Vocabulary(grows() ? heaviest(sample) : given);
        return new TopicStart(vocabulary, sample, random).parameters(topics, alpha, eta);
    }

    private List<String> heaviest(Observations sample) {
        Map<Double, Double> weights = new HashMap<>();
        for (int i = 0; i < sample.size(); i++) {
            for (int j = 0; j + 1 < sample.length(i); j += 2) {
                if (sample.value(i, j + 1) > 0) {
                    weights.merge(sample.value(i, j), sample.weight(i) * sample.value(i, j + 1), Double::sum);
                }
            }
        }
        Map<String, Double> byWord = new TreeMap<>();
        sample.categories().forEach((code, word) -> {
            Double weight = weights.get(code);
            if (weight != null && !word.isEmpty()) {
                byWord.put(word, weight);
            }
        });
        List<String> words = new ArrayList<>(byWord.keySet());
        // a stable sort: equal weights stay in the order of the words
        words.sort((one, other) -> Double.compare(byWord.get(other), byWord.get(one)));
        return words.subList(0, Math.min(room, words.size()));
    }

    @Override
    public LdaParameters makeRoom(
            LdaParameters current, List<double[]> statistics, Observations met, double weight, double step) {
        if (!grows()) {
            return current;
        }
        Map<String, Double> newWords = new TreeMap<>();
        Map<Double, String> texts = met == null ? Map.of() : met.categories();
        for (int i = 0; met != null && i < met.size(); i++) {
            for (int j = 0; j + 1 < met.length(i); j += 2) {
                String word = texts.get(met.value(i, j));
                // a contribution of an earlier version may tell of words that are known by now
                if (word != null && current.vocabulary().of(met.value(i, j)) == Vocabulary.UNKNOWN) {
                    newWords.merge(word, step * met.weight(i) * met.value(i, j + 1) / weight, Double::sum);
                }
            }
        }
        if (newWords.isEmpty() && current.candidates().entries().isEmpty()) {
            return current;
        }
        return new VocabularyGrowth(topics, room, candidates()).grow(current, statistics, newWords, 1 - step);
    }

    /** {@inheritDoc} Here all of them, see above. */
    @Override
    public double effectiveObservations(double weight, double memory) {
        return weight;
    }

    /** {@inheritDoc} A document tells of many words. */
    @Override
    public double leastMemory() {
        return Math.max(LEAST_MEMORY, MEMORY_PER_TOPIC * topics);
    }

    /** {@inheritDoc} Documents are long. */
    @Override
    public double startTolerance() {
        return Double.parseDouble(System.getProperty("tol", "0.01"));
    }

    /** Never: the bound is bounded. */
    @Override
    public boolean isDegenerate(LdaParameters parameters, double observations) {
        return false;
    }

    /** {@inheritDoc} Without {@code documents}, the counts are those of one; without {@code alpha}, it is the symmetric one. */
    @Override
    public LdaParameters read(Fields fields) {
        Vocabulary vocabulary = new Vocabulary(words(fields));
        if (!grows() && !vocabulary.words().equals(given)) {
            throw new IllegalArgumentException("the parameters have " + vocabulary.size() + " words "
                    + firstOf(vocabulary.words()) + "; expected the given vocabulary of " + given.size() + ", "
                    + firstOf(given));
        }
        if (vocabulary.size() > room) {
            throw new IllegalArgumentException("the parameters have " + vocabulary.size() + " words; expected at most "
                    + room + ", the size of the vocabulary");
        }
        double[] alphas = new double[topics];
        Arrays.fill(alphas, alpha);
        if (fields.has(LdaParameters.ALPHA)) {
            alphas = fields.vector(LdaParameters.ALPHA, topics);
        }
        for (double number : alphas) {
            requireConcentration("alpha " + Arrays.toString(alphas), number);
        }
        double documents = fields.has(LdaParameters.DOCUMENTS) ? fields.number(LdaParameters.DOCUMENTS) : 1;
        if (!(documents > 0) || documents == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "documents is " + documents + "; expected for how many the word counts stand, more than 0");
        }
        double[][] byTopic = fields.matrix(LdaParameters.WORD_COUNTS, topics, vocabulary.size());
        double[] lambda = new double[topics * vocabulary.size()];
        for (int k = 0; k < topics; k++) {
            for (int w = 0; w < byTopic[k].length; w++) {
                double count = byTopic[k][w];
                if (!(count >= 0) || count == Double.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("word count of '"
                            + vocabulary.words().get(w) + "' in topic " + k + " is " + count
                            + "; expected a finite number of at least 0");
                }
                // zero, as a user may give it, would be certain
                lambda[w * topics + k] = Math.max(count, eta);
            }
        }
        Candidates candidates = fields.has(LdaParameters.CANDIDATES)
                ? Candidates.read(fields.nested(LdaParameters.CANDIDATES))
                : Candidates.NONE;
        return new LdaParameters(vocabulary, alphas, lambda, documents, candidates);
    }

    private List<String> words(Fields fields) {
        if (!grows() && !fields.has(LdaParameters.WORDS)) {
            return given;
        }
        // an empty array has no type in JSON
        return fields.get(LdaParameters.WORDS) instanceof double[] none && none.length == 0
                ? List.of()
                : fields.texts(LdaParameters.WORDS);
    }

    private static String firstOf(List<String> words) {
        return words.size() <= 5 ? "" + words : words.subList(0, 5) + " and so on";
    }
}

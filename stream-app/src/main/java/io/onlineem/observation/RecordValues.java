package io.onlineem.observation;

import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the numbers of one observation out of what its fields hold, whatever the format: checks them, transforms them, and
 * turns texts into codes. Allocates nothing per record where all fields are numbers. Not thread-safe.
 */
public final class RecordValues {

    /** Codes kept; a field with more texts than that is hardly a category. */
    private static final int MOST_CODES = 10_000;

    /** Characters of a text whose code is kept. */
    private static final int LONGEST_KEPT = 200;

    private static final int LONGEST_SHOWN = 40;

    private final List<InputField> fields;
    private final String weight;
    private final String sequence;
    private final String what;
    private final boolean[] plain;
    private final boolean[] category;
    private final double[] values;
    private final boolean[] seen;
    private final Map<String, Double> codes = new HashMap<>();
    private final Map<Double, String> texts = new HashMap<>();
    private String sequenceName;

    /** Of the fields that hold words, by position; null where a field does not. */
    private final Tokeniser[] tokenisers;

    /** The words of the document so far, and how often they occur; null if no field holds any. */
    private Map<String, double[]> words;

    private double[] document = new double[0];

    /**
     * Values of the given fields.
     *
     * @param weight name of the field that weighs a record; its position follows those of the fields
     * @param what what messages call a field, such as "field" or "column"
     */
    public RecordValues(List<InputField> fields, Optional<String> weight, String what) {
        this(fields, weight, Optional.empty(), what);
    }

    /**
     * Values of the given fields.
     *
     * @param weight name of the field that weighs a record; its position follows those of the fields
     * @param sequence name of the field that names the sequence of a record; its position is the last one
     * @param what what messages call a field, such as "field" or "column"
     */
    public RecordValues(List<InputField> fields, Optional<String> weight, Optional<String> sequence, String what) {
        this.fields = List.copyOf(fields);
        this.weight = weight.orElse(null);
        this.sequence = sequence.orElse(null);
        this.what = what;
        int count = fields.size() + (weight.isPresent() ? 1 : 0) + (sequence.isPresent() ? 1 : 0);
        this.plain = new boolean[count];
        this.category = new boolean[count];
        this.values = new double[count];
        this.seen = new boolean[count];
        if (sequence.isPresent()) {
            category[count - 1] = true;
        }
        this.tokenisers = new Tokeniser[count];
        for (int i = 0; i < fields.size(); i++) {
            if (domain(i) == Domain.WORDS) {
                tokenisers[i] = new Tokeniser(fields.get(i).language());
                words = new LinkedHashMap<>();
            }
            category[i] = domain(i) == Domain.CATEGORY;
            plain[i] = fields.get(i).transform() == Transform.NONE;
        }
    }

    /** Number of positions: one for each field, and one for the weight and for the sequence if there are such fields. */
    public int size() {
        return values.length;
    }

    /** The name of a field, of the weight, or of the sequence. */
    public String path(int position) {
        return isSequence(position)
                ? sequence
                : isWeight(position) ? weight : fields.get(position).path();
    }

    /** Whether a field may hold any text. */
    public boolean isCategory(int position) {
        return category[position];
    }

    /** Whether a field may hold true or false. */
    public boolean isFlag(int position) {
        return domain(position) == Domain.FLAG;
    }

    /** Whether a field holds words: a text, or what {@link #word} is told of. */
    public boolean isWords(int position) {
        return tokenisers[position] != null;
    }

    /** Whether a field may be missing. */
    public boolean isMissingAllowed(int position) {
        return position < fields.size() && fields.get(position).missingAllowed();
    }

    private boolean isWeight(int position) {
        return weight != null && position == fields.size();
    }

    private boolean isSequence(int position) {
        return sequence != null && position == values.length - 1;
    }

    private Domain domain(int position) {
        return isSequence(position)
                ? Domain.CATEGORY
                : isWeight(position) ? Domain.POSITIVE : fields.get(position).domain();
    }

    /** Begins a record. */
    public void begin() {
        Arrays.fill(seen, false);
        if (!texts.isEmpty()) {
            texts.clear();
        }
        if (words != null) {
            words.clear();
        }
    }

    /**
     * A field that holds a number and may.
     *
     * @throws InvalidObservationException if it is none that can be used
     */
    public void number(int position, double number) {
        if (isWords(position)) {
            throw other(position, "is the number " + number);
        }
        if (Double.isNaN(number) && isMissingAllowed(position)) {
            missing(position, "is NaN");
            return;
        }
        if (!(Math.abs(number) <= ObservationReader.LARGEST)) {
            throw notFinite(position, "is " + number);
        }
        values[position] = plain[position] ? number : transformed(position, number);
        seen[position] = true;
    }

    private double transformed(int position, double number) {
        if (isWeight(position)) {
            return weight(number);
        }
        Transform transform = fields.get(position).transform();
        if (!transform.accepts(number)) {
            throw new InvalidObservationException(
                    Reason.OUT_OF_DOMAIN, message(position, "is " + number) + transform.expected());
        }
        return transform.of(number);
    }

    private double weight(double number) {
        if (!(number > 0)) {
            throw new InvalidObservationException(
                    Reason.INVALID_WEIGHT, message(weightPosition(), "is " + number) + "a number above 0");
        }
        return number;
    }

    private int weightPosition() {
        return fields.size();
    }

    /** Why a number cannot be used that is not finite, or too large. */
    public InvalidObservationException notFinite(int position, String how) {
        return new InvalidObservationException(
                isWeight(position) ? Reason.INVALID_WEIGHT : Reason.NOT_FINITE,
                message(position, how) + "a finite number of magnitude at most " + ObservationReader.LARGEST);
    }

    /**
     * A field that holds a flag.
     *
     * @throws InvalidObservationException if it must not
     */
    public void flag(int position, boolean flag) {
        if (isCategory(position)) {
            category(position, Boolean.toString(flag));
        } else if (isFlag(position)) {
            number(position, flag ? 1 : 0);
        } else {
            throw other(position, "is the flag " + flag);
        }
    }

    /**
     * A field that holds a text.
     *
     * @throws InvalidObservationException if it must not
     */
    public void text(int position, String text) {
        if (isWords(position)) {
            tokenisers[position].forEachWord(text, word -> add(word, 1));
            seen[position] = true;
            return;
        }
        if (!isCategory(position)) {
            throw other(position, "is the text '" + abbreviate(text) + "'");
        }
        category(position, text);
    }

    /**
     * A word of a field that holds words, as it is.
     *
     * @throws InvalidObservationException if the word is empty, or the count none that can be used
     */
    public void word(int position, String word, double count) {
        if (word.isEmpty()) {
            throw new InvalidObservationException(
                    Reason.OUT_OF_DOMAIN, message(position, "counts the empty word") + "words that are not empty");
        }
        if (!(count >= 0 && count <= ObservationReader.LARGEST)) {
            throw new InvalidObservationException(
                    Double.isFinite(count) ? Reason.OUT_OF_DOMAIN : Reason.NOT_FINITE,
                    message(position, "counts the word '" + abbreviate(word) + "' " + count + " times")
                            + "a finite number of at least 0");
        }
        add(word, count);
        seen[position] = true;
    }

    /** A field that holds words has been read, perhaps without a word. */
    public void endWords(int position) {
        seen[position] = true;
    }

    private void add(String word, double count) {
        words.computeIfAbsent(word, first -> new double[1])[0] += count;
    }

    /** The category of a field that may hold one; the empty text names none. */
    public void category(int position, String text) {
        if (text.isEmpty()) {
            missing(position, "is empty");
            return;
        }
        if (isSequence(position)) {
            sequenceName = text;
            seen[position] = true;
            return;
        }
        values[position] = code(text);
        seen[position] = true;
    }

    private double code(String text) {
        Double code = codes.get(text);
        if (code == null) {
            code = Observations.category(text);
            if (codes.size() == MOST_CODES) {
                codes.clear();
            }
            if (text.length() <= LONGEST_KEPT) {
                codes.put(text, code);
            }
        }
        texts.put(code, text);
        return code;
    }

    /**
     * A field without a value.
     *
     * @param how such as "is null"
     * @throws InvalidObservationException if it must have one
     */
    public void missing(int position, String how) {
        if (!isMissingAllowed(position)) {
            throw new InvalidObservationException(
                    isWeight(position) ? Reason.INVALID_WEIGHT : Reason.MISSING_FIELD,
                    message(position, how) + expected(position));
        }
        values[position] = Double.NaN;
        seen[position] = true;
    }

    /** Why a field does not hold what it must, in the words of the format. */
    public InvalidObservationException other(int position, String how) {
        Reason reason = isWeight(position)
                ? Reason.INVALID_WEIGHT
                : isCategory(position) || isWords(position) ? Reason.OUT_OF_DOMAIN : Reason.NOT_A_NUMBER;
        return new InvalidObservationException(reason, message(position, how) + expected(position));
    }

    private String message(int position, String how) {
        return "the " + what + " '" + path(position) + "' " + how + "; expected "
                + (isWeight(position) ? "the weight of the record, " : "");
    }

    private String expected(int position) {
        if (isSequence(position)) {
            return "the name of the sequence: a text, a number or a flag";
        }
        return switch (domain(position)) {
            case CATEGORY -> "a category: a text, a number or a flag";
            case WORDS -> Domain.WORDS.expected();
            case FLAG -> Domain.FLAG.expected();
            default -> isWeight(position) ? "a number above 0" : "a number";
        };
    }

    /**
     * Ends a record, and appends it.
     *
     * @throws InvalidObservationException if a field was not there that must be
     */
    public void addTo(Observations into) {
        for (int i = 0; i < values.length; i++) {
            if (!seen[i]) {
                missing(i, "is missing");
            }
        }
        double recordWeight = weight == null ? 1 : values[weightPosition()];
        if (words == null) {
            into.add(values, 0, fields.size(), recordWeight);
        } else {
            int length = writeDocument();
            into.add(document, 0, length, recordWeight);
        }
        if (!texts.isEmpty()) {
            into.addCategories(texts);
        }
    }

    /** Writes the words as pairs of code and count, and returns how many numbers they are. */
    private int writeDocument() {
        if (document.length < 2 * words.size()) {
            document = new double[4 * words.size()];
        }
        int length = 0;
        for (Map.Entry<String, double[]> word : words.entrySet()) {
            document[length++] = code(word.getKey());
            document[length++] = word.getValue()[0];
        }
        return length;
    }

    /** The name of the sequence of the record added last; null if no field names it. */
    String sequence() {
        return sequenceName;
    }

    /** The beginning of a text, for messages. */
    static String abbreviate(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}

package io.onlineem.topic;

import io.onlineem.em.CategoryIndex;
import java.util.HashSet;
import java.util.List;

/** The words of a model, each in its place. Immutable; thread-safe. */
public final class Vocabulary {

    /** Where a word is that is not in the vocabulary. */
    static final int UNKNOWN = -1;

    private final List<String> words;
    private final CategoryIndex index;

    /**
     * A vocabulary.
     *
     * @throws IllegalArgumentException if a word is empty or there twice
     */
    public Vocabulary(List<String> words) {
        HashSet<String> distinct = new HashSet<>();
        for (String word : words) {
            if (word.isEmpty() || !distinct.add(word)) {
                throw new IllegalArgumentException("the vocabulary has the word '" + word + "'"
                        + (word.isEmpty() ? "" : " more than once") + "; expected each word once and none empty");
            }
        }
        this.words = List.copyOf(words);
        this.index = new CategoryIndex(this.words, UNKNOWN);
    }

    /** The words, in order. */
    public List<String> words() {
        return words;
    }

    /** Number of words. */
    public int size() {
        return words.size();
    }

    /** The place of the word with that {@linkplain io.onlineem.em.Observations#category code}, or {@link #UNKNOWN}. */
    int of(double code) {
        return index.of(code);
    }
}

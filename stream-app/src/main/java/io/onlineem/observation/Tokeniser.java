package io.onlineem.observation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Words of a text: split by the rules of Unicode (UAX 29), in lower case, without numbers and without the stop words of the
 * language. Words are not stemmed: they are to be read in topics. Deterministic. Not thread-safe.
 */
final class Tokeniser {

    private static final String NUMBER = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.NUM];

    private final Analyzer analyzer;

    /**
     * A tokeniser.
     *
     * @param language one of {@link io.onlineem.catalog.ModelSpec#languages()}; "standard" has no stop words
     */
    Tokeniser(String language) {
        analyzer = new StandardAnalyzer(stopWords(language));
    }

    private static CharArraySet stopWords(String language) {
        return switch (language) {
            case "standard" -> CharArraySet.EMPTY_SET;
            case "danish" -> DanishAnalyzer.getDefaultStopSet();
            case "dutch" -> DutchAnalyzer.getDefaultStopSet();
            case "english" -> EnglishAnalyzer.getDefaultStopSet();
            case "finnish" -> FinnishAnalyzer.getDefaultStopSet();
            case "french" -> FrenchAnalyzer.getDefaultStopSet();
            case "german" -> GermanAnalyzer.getDefaultStopSet();
            case "italian" -> ItalianAnalyzer.getDefaultStopSet();
            case "norwegian" -> NorwegianAnalyzer.getDefaultStopSet();
            case "portuguese" -> PortugueseAnalyzer.getDefaultStopSet();
            case "spanish" -> SpanishAnalyzer.getDefaultStopSet();
            case "swedish" -> SwedishAnalyzer.getDefaultStopSet();
            default -> throw new IllegalArgumentException("there are no stop words of the language '" + language + "'");
        };
    }

    /** Tells every word of a text, in order. */
    void forEachWord(String text, Consumer<String> words) {
        try (TokenStream tokens = analyzer.tokenStream("", text)) {
            CharTermAttribute word = tokens.getAttribute(CharTermAttribute.class);
            TypeAttribute type = tokens.getAttribute(TypeAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                if (!type.type().equals(NUMBER)) {
                    words.accept(word.toString());
                }
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

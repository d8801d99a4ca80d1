package io.onlineem.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a file says of each record: its score, and perhaps its time, its incident, its label.
 *
 * @param scores NaN where there is none
 * @param times milliseconds since 1970; null if the file has none
 * @param incidents the incident of each record, null for none; null if the file knows of no incidents
 * @param labels above 0.5 for anomalous records; null if the file has none
 * @param surprise whether the scores are surprises, for lack of anomaly scores
 */
record ScoreFile(double[] scores, long[] times, String[] incidents, double[] labels, boolean surprise) {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final List<String> SCORES = List.of("score", "anomaly_score", "anomalyscore");
    private static final String TAIL = "tailprobability";
    private static final String SCORE = "anomaly.score";
    private static final String INCIDENT = "anomaly.incident";
    private static final String LOG_LIKELIHOOD = "logLikelihood";

    static ScoreFile read(Path file, Columns names) throws IOException {
        return isJson(file) ? json(file, names.score()) : csv(file, names);
    }

    static boolean isJson(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
    }

    private static ScoreFile csv(Path file, Columns names) throws IOException {
        Table table = Table.read(file);
        int score = table.column(names.score(), SCORES);
        if (score < 0) {
            throw new UnreadableException(file + " has no column 'score'; name the one to take, one of "
                    + String.join(", ", table.columns()) + ", with --score-column");
        }
        int time = table.column(null, Columns.TIMES);
        // of the output of 'score', anomaly is what the detector says, not the truth
        boolean verdicts = table.column(null, List.of(TAIL)) >= 0;
        int anomaly = verdicts ? table.column(null, List.of("anomaly")) : -1;
        int incident = verdicts ? table.column(null, List.of("incident")) : -1;
        String[] incidents = incident >= 0 ? ids(table, incident) : anomaly >= 0 ? runs(table.numbers(anomaly)) : null;
        int label = verdicts ? table.column(null, List.of("label")) : table.column(null, Columns.LABELS);
        return new ScoreFile(
                table.numbers(score),
                time < 0 ? null : table.times(time),
                incidents,
                label < 0 || label == score ? null : table.numbers(label),
                false);
    }

    private static String[] ids(Table table, int column) {
        String[] incidents = new String[table.size()];
        for (int i = 0; i < incidents.length; i++) {
            String id = table.text(i, column);
            incidents[i] = id.isEmpty() ? null : id;
        }
        return incidents;
    }

    /** Each run of records that are flagged is an incident. */
    private static String[] runs(double[] flags) {
        String[] incidents = new String[flags.length];
        int number = 0;
        for (int i = 0; i < flags.length; i++) {
            if (flags[i] > 0.5) {
                number += i == 0 || !(flags[i - 1] > 0.5) ? 1 : 0;
                incidents[i] = Integer.toString(number);
            }
        }
        return incidents;
    }

    private static ScoreFile json(Path file, String name) throws IOException {
        List<Double> scores = new ArrayList<>();
        List<Double> surprises = new ArrayList<>();
        List<String> incidents = new ArrayList<>();
        boolean scored = false;
        boolean hasIncidents = false;
        boolean isAnomaly = false;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Line found;
                try {
                    found = Line.read(line, name == null ? SCORE : name);
                } catch (JacksonException e) {
                    throw new UnreadableException(
                            file + ", line " + number + " is not a JSON object: " + e.getOriginalMessage(), e);
                }
                if (found == null) {
                    throw new UnreadableException(
                            file + ", line " + number + " is not a JSON object; expected the output of 'score'");
                }
                scores.add(found.score);
                surprises.add(-found.logLikelihood);
                incidents.add(found.incident);
                scored |= !Double.isNaN(found.score);
                isAnomaly |= found.isAnomaly;
                hasIncidents |= found.incident != null;
            }
        }
        if (!scored && (name != null || isAnomaly)) {
            throw new UnreadableException(file + " has no number '" + (name == null ? SCORE : name) + "' in any of its "
                    + scores.size() + " lines; expected the output of 'score', or --score-column");
        }
        if (!scored && surprises.stream().allMatch(value -> Double.isNaN(value))) {
            throw new UnreadableException(file + " has neither '" + SCORE + "' nor '" + LOG_LIKELIHOOD
                    + "' in any of its " + scores.size() + " lines; expected the output of 'score'");
        }
        return new ScoreFile(
                (scored ? scores : surprises)
                        .stream().mapToDouble(Double::doubleValue).toArray(),
                null,
                hasIncidents || isAnomaly ? incidents.toArray(String[]::new) : null,
                null,
                !scored);
    }

    /** What is taken from one line. */
    private static final class Line {

        private double score = Double.NaN;
        private double logLikelihood = Double.NaN;
        private String incident;
        private boolean isAnomaly;

        /** Null if the line is no object. */
        static Line read(String json, String scoreName) {
            Line line = new Line();
            try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return null;
                }
                line.readObject(parser, "", scoreName);
            }
            return line;
        }

        private void readObject(JsonParser parser, String prefix, String scoreName) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String path = prefix + parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.START_OBJECT) {
                    isAnomaly |= path.equals("anomaly");
                    readObject(parser, path + '.', scoreName);
                } else if (token == JsonToken.START_ARRAY) {
                    parser.skipChildren();
                } else if (token.isNumeric()) {
                    double number = parser.getDoubleValue();
                    score = path.equals(scoreName) ? number : score;
                    logLikelihood = path.equals(LOG_LIKELIHOOD) ? number : logLikelihood;
                } else if (token == JsonToken.VALUE_STRING && path.equals(INCIDENT)) {
                    incident = parser.getString();
                }
            }
        }
    }
}

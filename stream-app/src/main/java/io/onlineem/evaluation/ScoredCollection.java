package io.onlineem.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Scores of one series or many, read from files with the labels.
 *
 * @param files in the order of their names
 * @param surprises how many of them have surprises for scores, for lack of anomaly scores
 */
public record ScoredCollection(List<EvaluatedFile> files, int surprises) {

    private static final Set<String> ENDINGS = Set.of("csv", "tsv", "jsonl", "ndjson", "json");

    /** The series of all files. */
    public List<ScoredSeries> series() {
        return files.stream().map(EvaluatedFile::series).toList();
    }

    /** Whether every file has times. */
    public boolean isTimed() {
        return files.stream().allMatch(EvaluatedFile::timed);
    }

    /** Whether every file says which records belong to an incident. */
    public boolean hasIncidents() {
        return files.stream().allMatch(file -> file.incidents() != null);
    }

    /**
     * Reads files.
     *
     * @param scores a file, or a directory whose files are taken, those in its directories too: JSON lines with
     *     an {@code anomaly}, or CSV with a column of scores
     * @param labels CSV with columns {@code start} and {@code end}, and {@code file} if there are several; or series with a
     *     column of labels, a file or a directory like the scores; null if the scores have such a column
     * @param data the series, a file or a directory like the scores, for times and values; null if not needed
     * @throws UnreadableException if a file is not as described, or they do not belong together
     */
    public static ScoredCollection read(Path scores, Path labels, Path data, Columns names) throws IOException {
        Map<String, Path> scoreFiles = files(scores, "scores");
        boolean single = !Files.isDirectory(scores);
        Map<String, List<Window>> windows = null;
        Map<String, Path> labelled = Map.of();
        if (labels != null) {
            if (!Files.isDirectory(labels) && isWindows(labels)) {
                windows =
                        windows(labels, single ? scoreFiles.keySet().iterator().next() : null);
            } else {
                labelled = files(labels, "labels");
            }
        }
        Map<String, Path> series = data == null ? labelled : files(data, "series");
        Set<String> used = new HashSet<>();
        List<EvaluatedFile> read = new ArrayList<>();
        int surprises = 0;
        for (Map.Entry<String, Path> entry : scoreFiles.entrySet()) {
            String name = entry.getKey();
            Path file = entry.getValue();
            ScoreFile score = ScoreFile.read(file, names);
            surprises += score.surprise() ? 1 : 0;
            Table table = series.isEmpty() ? null : Table.read(of(name, series, single, "series"));
            long[] times = times(score, table, names);
            boolean timed = times != null;
            if (times != null && times.length != score.scores().length) {
                throw unequal(file, score.scores().length, of(name, series, single, "series"), times.length);
            }
            if (!timed) {
                if (windows != null) {
                    throw new UnreadableException(file + " has no times to find the windows of " + labels
                            + " by; give the series, with a column 'timestamp', as --data");
                }
                times = new long[score.scores().length];
                for (int i = 0; i < times.length; i++) {
                    times[i] = i;
                }
            }
            List<Window> labelWindows;
            if (windows != null) {
                labelWindows = new ArrayList<>();
                List<String> known = new ArrayList<>(keys(name));
                if (single && data != null) {
                    // the scores of one file may be called anything
                    known.addAll(keys(withoutEnding(data.getFileName().toString())));
                }
                for (String key : known) {
                    if (windows.containsKey(key) && used.add(key)) {
                        labelWindows.addAll(windows.get(key));
                    }
                }
            } else {
                labelWindows = fromColumn(name, file, score, labelled, single, times, names);
            }
            ScoredSeries scored;
            try {
                scored = new ScoredSeries(name, times, score.scores(), joined(labelWindows));
            } catch (IllegalArgumentException e) {
                throw new UnreadableException(file + ": " + e.getMessage(), e);
            }
            read.add(withValues(scored, timed, score, table, file, names));
        }
        if (windows != null && !single) {
            for (String key : windows.keySet()) {
                if (!used.contains(key)) {
                    throw new UnreadableException(labels + " has windows of the file '" + key
                            + "', of which there are no scores in " + scores + "; expected one of "
                            + some(scoreFiles.keySet()));
                }
            }
        }
        return new ScoredCollection(List.copyOf(read), surprises);
    }

    private static EvaluatedFile withValues(
            ScoredSeries scored, boolean timed, ScoreFile score, Table table, Path file, Columns names) {
        List<double[]> values = new ArrayList<>();
        List<String> valueNames = new ArrayList<>();
        if (table != null) {
            int time = table.column(names.time(), Columns.TIMES);
            int label = table.column(names.label(), Columns.LABELS);
            for (int c = 0; c < table.columns().size(); c++) {
                if (c != time && c != label && table.isNumeric(c)) {
                    values.add(table.numbers(c));
                    valueNames.add(table.columns().get(c));
                }
            }
            if (table.size() != scored.size()) {
                throw new UnreadableException(file + " has scores of " + scored.size() + " records, its series has "
                        + table.size() + "; expected as many: score it without --skip-invalid");
            }
        }
        return new EvaluatedFile(scored, timed, score.incidents(), values, valueNames);
    }

    private static long[] times(ScoreFile score, Table table, Columns names) {
        if (table != null) {
            int column = table.column(names.time(), Columns.TIMES);
            if (column >= 0) {
                return table.times(column);
            }
        }
        return score.times();
    }

    private static List<Window> fromColumn(
            String name,
            Path file,
            ScoreFile score,
            Map<String, Path> labelled,
            boolean single,
            long[] times,
            Columns names)
            throws IOException {
        double[] labels = score.labels();
        Path from = file;
        if (!labelled.isEmpty()) {
            from = of(name, labelled, single, "labels");
            Table table = Table.read(from);
            requireLabels(table, from, names);
            int column = table.column(names.label(), Columns.LABELS);
            if (column < 0) {
                throw new UnreadableException(from + " has neither columns 'start' and 'end' nor a column 'label';"
                        + " name the one to take, one of " + String.join(", ", table.columns())
                        + ", with --label-column");
            }
            labels = table.numbers(column);
        }
        if (labels == null) {
            throw new UnreadableException(file + " has no column 'label'; give the labels with --labels");
        }
        if (labels.length != times.length) {
            throw unequal(file, times.length, from, labels.length);
        }
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] > 0.5) {
                int end = i;
                while (end + 1 < labels.length && labels[end + 1] > 0.5) {
                    end++;
                }
                windows.add(new Window(times[i], Math.max(times[i], times[end]), ""));
                i = end;
            }
        }
        return windows;
    }

    /** What a detector has flagged, under a name that labels have elsewhere, is no label: it would judge itself. */
    private static void requireLabels(Table table, Path file, Columns names) {
        boolean verdicts = table.column(null, List.of("tailprobability")) >= 0;
        if (names.label() == null && verdicts && table.column(null, List.of("label")) < 0) {
            throw new UnreadableException(file + " holds scores, and what they flag is no label;"
                    + " give files with a column 'label', or name the column to take with --label-column");
        }
    }

    private static UnreadableException unequal(Path scores, int scored, Path other, int labelled) {
        return new UnreadableException(scores + " has scores of " + scored + " records, " + other + " has " + labelled
                + "; expected as many: score it without --skip-invalid");
    }

    private static boolean isWindows(Path labels) throws IOException {
        requireFile(labels, "labels");
        Table table = Table.read(labels);
        return table.column(null, List.of("start")) >= 0 && table.column(null, List.of("end")) >= 0;
    }

    private static Map<String, List<Window>> windows(Path labels, String single) throws IOException {
        Table table = Table.read(labels);
        int start = table.column(null, List.of("start"));
        int end = table.column(null, List.of("end"));
        int file = table.column(null, List.of("file"));
        int kind = table.column(null, List.of("kind"));
        if (file < 0 && single == null) {
            throw new UnreadableException(labels
                    + " has no column 'file'; expected one that names the file of a window, as there are several");
        }
        Map<String, List<Window>> windows = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            String name = file < 0 ? single : table.text(i, file);
            long from = table.time(i, start);
            long to = table.time(i, end);
            if (to < from) {
                throw new UnreadableException(labels + ", record " + (i + 1) + ": a window ends at "
                        + table.text(i, end) + ", before its start at " + table.text(i, start));
            }
            windows.computeIfAbsent(name, ignored -> new ArrayList<>())
                    .add(new Window(from, to, kind < 0 ? "" : table.text(i, kind)));
        }
        return windows;
    }

    /** In the order of time, those that overlap as one. */
    private static List<Window> joined(List<Window> windows) {
        List<Window> sorted = new ArrayList<>(windows);
        sorted.sort(Comparator.comparingLong(Window::start));
        List<Window> joined = new ArrayList<>();
        for (Window window : sorted) {
            Window last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && window.start() <= last.end()) {
                joined.set(
                        joined.size() - 1, new Window(last.start(), Math.max(last.end(), window.end()), last.kind()));
            } else {
                joined.add(window);
            }
        }
        return joined;
    }

    private static void requireFile(Path path, String what) {
        if (!Files.exists(path)) {
            throw new UnreadableException("there is no file or directory " + path + " with " + what);
        }
    }

    /** The files of a directory, or the one file, by name without ending. */
    private static Map<String, Path> files(Path path, String what) throws IOException {
        requireFile(path, what);
        Map<String, Path> files = new TreeMap<>();
        if (!Files.isDirectory(path)) {
            files.put(withoutEnding(path.getFileName().toString()), path);
            return files;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = path.relativize(file).toString().replace('\\', '/');
                if (ENDINGS.contains(ending(name))) {
                    Path other = files.put(withoutEnding(name), file);
                    if (other != null) {
                        throw new UnreadableException(path + " has both " + other.getFileName() + " and "
                                + file.getFileName() + "; expected one file of a name");
                    }
                }
            }
        }
        if (files.isEmpty()) {
            throw new UnreadableException(
                    path + " holds no files with " + what + "; expected names that end in .csv, .tsv or .jsonl");
        }
        return files;
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String withoutEnding(String name) {
        return ENDINGS.contains(ending(name)) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /** The file that belongs to a file of scores: the only one, or the one of the same name. */
    private static Path of(String name, Map<String, Path> files, boolean single, String what) {
        if (single && files.size() == 1) {
            return files.values().iterator().next();
        }
        Path file = files.get(name);
        if (file == null) {
            Map<String, Path> byName = new HashMap<>();
            files.forEach((key, path) -> byName.put(key.substring(key.lastIndexOf('/') + 1), path));
            file = byName.get(name.substring(name.lastIndexOf('/') + 1));
        }
        if (file == null) {
            throw new UnreadableException("there is no file '" + name + "' with " + what
                    + " that the scores of this name belong to; expected one of " + some(files.keySet()));
        }
        return file;
    }

    private static String some(Set<String> names) {
        String first = String.join(", ", names.stream().limit(5).toList());
        return names.size() > 5 ? first + " and " + (names.size() - 5) + " more" : first;
    }

    /** How a label file may name a file: with its directories or without, with its ending or without. */
    private static List<String> keys(String name) {
        List<String> keys = new ArrayList<>();
        String base = name.substring(name.lastIndexOf('/') + 1);
        for (String stem : name.equals(base) ? List.of(name) : List.of(name, base)) {
            keys.add(stem);
            ENDINGS.stream().sorted().forEach(ending -> keys.add(stem + '.' + ending));
        }
        return keys;
    }
}

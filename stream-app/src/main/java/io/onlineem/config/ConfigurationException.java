package io.onlineem.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; holds everything that is wrong with it. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * Everything that is wrong.
     *
     * @param source the file
     * @param problems at least one
     */
    public ConfigurationException(String source, List<Problem> problems) {
        super(problems.stream()
                .map(problem -> source + problem.position() + ": " + problem.message())
                .collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** The problems, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param line line in the file, from 1; 0 if the problem has no place in the file
     * @param column column in that line, from 1
     * @param message the setting, its value, what was expected and the remedy
     */
    public record Problem(int line, int column, String message) {

        String position() {
            return line == 0 ? "" : ":" + line + ":" + column;
        }
    }
}

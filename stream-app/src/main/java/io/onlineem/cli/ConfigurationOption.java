package io.onlineem.cli;

import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The configuration of the application. */
final class ConfigurationOption {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "CONFIG",
            required = true,
            description = "The configuration file.")
    private Path file;

    /** The file. */
    Path file() {
        return file;
    }

    /**
     * What the file and the environment say.
     *
     * @throws io.onlineem.config.ConfigurationException if it is wrong
     */
    Configuration read() {
        return ConfigurationReader.read(file, System.getenv());
    }
}

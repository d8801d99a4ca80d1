package io.onlineem.cli;

import io.onlineem.config.ConfigurationException;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code online-em}. A new command is one class and one entry in {@code subcommands}. */
@Command(
        name = "online-em",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        header = "Latent-variable models that learn online from Kafka topics.",
        description = "%nResults go to stdout, messages to stderr.%n",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ValidateCommand.class,
            TopologyCommand.class,
            FitCommand.class,
            ScoreCommand.class,
            DecodeCommand.class,
            EvaluateCommand.class,
            BrokerCommand.class,
            FeedCommand.class,
            ModelsCommand.class
        },
        versionProvider = Main.Version.class,
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  online-em demo",
            "  online-em fit --components 3 wind.csv > fit.json",
            "  online-em score --start fit.json wind.csv",
            "  online-em validate -c wind.yaml",
            "",
            "'online-em COMMAND --help' tells more of a command.",
            "'online-em bench' measures how fast all this is on this machine."
        })
public final class Main {

    /** Exit code of a failure. */
    static final int FAILURE = 1;

    /** Exit code of wrong usage or configuration. */
    static final int USAGE = 2;

    private static final String LOG_PROPERTY = "logback.configurationFile";

    private static final String LOG_FORMAT = "ONLINE_EM_LOG_FORMAT";

    /** By format. */
    static final Map<String, String> LOG_CONFIGURATIONS =
            new TreeMap<>(Map.of("text", "io/onlineem/cli/logback.xml", "json", "io/onlineem/cli/logback-json.xml"));

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean debug;

    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        String format = System.getenv().getOrDefault(LOG_FORMAT, "text");
        String configuration = LOG_CONFIGURATIONS.get(format);
        if (configuration == null) {
            System.err.println("online-em: environment variable " + LOG_FORMAT + " is '" + format
                    + "'; expected one of " + LOG_CONFIGURATIONS.keySet());
            System.exit(USAGE);
        }
        configureLog(configuration);
        CommandLine commandLine = commandLine();
        // buffered and without automatic flushes: results may be millions of lines
        PrintWriter out = new PrintWriter(new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), 1 << 16));
        commandLine.setOut(out);
        int code = commandLine.execute(arguments);
        if (out.checkError() && code == 0) {
            commandLine.getErr().println("online-em: the results could not all be written to stdout");
            code = FAILURE;
        }
        System.exit(code);
    }

    /** Not under the name that Logback looks for, or it would be the configuration of whoever uses the topology too. */
    private static void configureLog(String configuration) {
        if (System.getProperty(LOG_PROPERTY) == null) {
            System.setProperty(LOG_PROPERTY, configuration);
        }
    }

    /** The command line, ready to be executed. */
    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Main::wrongUsage)
                .setExecutionExceptionHandler(main::failed);
        registerNumbers(commandLine);
        requireCommand(commandLine);
        return commandLine;
    }

    /** Numbers refused in the words of users, not of Java. */
    private static void registerNumbers(CommandLine commandLine) {
        commandLine.registerConverter(Integer.class, text -> number(text, Integer::valueOf, "a whole number"));
        commandLine.registerConverter(Long.class, text -> number(text, Long::valueOf, "a whole number"));
        commandLine.registerConverter(Double.class, text -> number(text, Double::valueOf, "a number"));
    }

    private static <T> T number(String text, Function<String, T> parse, String expected) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "'; expected " + expected);
        }
    }

    private static void requireCommand(CommandLine commandLine) {
        commandLine.setExecutionStrategy(parsed -> {
            if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
                throw new ParameterException(commandLine, "there is no command");
            }
            return new CommandLine.RunLast().execute(parsed);
        });
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + name + " --help'.");
        err.flush();
        return USAGE;
    }

    private int failed(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        command.getOut().flush();
        boolean configuration = e instanceof ConfigurationException;
        boolean usage = e instanceof UsageException;
        boolean explained = configuration || usage || e instanceof CommandException;
        err.println((configuration ? "" : name + ": ") + (explained ? e.getMessage() : describe(e)));
        if (debug) {
            e.printStackTrace(err);
        } else if (usage) {
            err.println("Try '" + name + " --help'.");
        } else if (!explained) {
            err.println("Give --debug for the stack trace.");
        }
        err.flush();
        return configuration || usage ? USAGE : FAILURE;
    }

    /** The causes in one line: the outermost alone often says too little. */
    private static String describe(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (text.indexOf(message) < 0) {
                text.append(text.length() == 0 ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }

    /** The version, as the build knows it. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            Properties properties = new Properties();
            try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new String[] {
                "online-em " + properties.getProperty("version"),
                "Kafka " + properties.getProperty("kafka"),
                "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")"
            };
        }
    }
}

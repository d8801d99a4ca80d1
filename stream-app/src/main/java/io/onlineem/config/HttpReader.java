package io.onlineem.config;

import io.onlineem.config.Configuration.Http;
import io.onlineem.config.Configuration.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads where and how HTTP is served. What environment variables tell is of the machine, whatever the file says. */
final class HttpReader {

    private static final String HOST = "http.host";
    private static final String FILE = "file:";

    /** What a header, a form and a shell all take as it is. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]{16,1000}");

    /** What is an address, and needs no look-up. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");

    private final YamlTree tree;
    private final ConfigurationReader reader;
    private final Path directory;
    private final Map<String, String> environment;

    HttpReader(YamlTree tree, ConfigurationReader reader, Path directory, Map<String, String> environment) {
        this.tree = tree;
        this.reader = reader;
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * A value as it was given.
     *
     * @param variable the environment variable that gave it; null: the file did
     */
    private record Given(String path, String variable, String text) {}

    /** The server; empty if there is none, or, with problems, if it cannot be as it is asked for. */
    Optional<Http> read() {
        Optional<Boolean> enabled = reader.flag("http.enabled");
        Optional<Integer> port = reader.integer("http.port", 0, 65535);
        Given host = given(HOST).orElse(new Given(HOST, null, Setting.at(HOST).otherwise()));
        Optional<String> token = given(Setting.HTTP_TOKEN).flatMap(this::token);
        Optional<Tls> tls = tls();
        if (enabled.isEmpty() || !enabled.get() || port.isEmpty()) {
            return Optional.empty();
        }
        if (!isLoopback(host.text()) && !(isGiven(Setting.HTTP_KEYSTORE) && isGiven(Setting.HTTP_TOKEN))) {
            problem(
                    host,
                    "is '" + host.text() + "', from where others reach it, "
                            + (isGiven(Setting.HTTP_KEYSTORE) ? "without a token" : "without TLS")
                            + "; expected " + Setting.HTTP_KEYSTORE + " and " + Setting.HTTP_TOKEN
                            + " to be set too, or 127.0.0.1");
        }
        return Optional.of(new Http(host.text(), port.get(), tls, token));
    }

    private Optional<Tls> tls() {
        Optional<Given> keystore = given(Setting.HTTP_KEYSTORE);
        Optional<Given> password = given(Setting.HTTP_KEYSTORE_PASSWORD);
        if (keystore.isPresent() && !isGiven(Setting.HTTP_KEYSTORE_PASSWORD)) {
            reader.missing(Setting.at(Setting.HTTP_KEYSTORE_PASSWORD));
        }
        if (password.isPresent() && !isGiven(Setting.HTTP_KEYSTORE)) {
            problem(password.get(), "has no use without " + Setting.HTTP_KEYSTORE + "; set that, or remove this");
        }
        Optional<String> secret = password.flatMap(this::secret);
        return keystore.isPresent() && secret.isPresent()
                ? Optional.of(new Tls(resolve(keystore.get(), keystore.get().text()), secret.get()))
                : Optional.empty();
    }

    private Optional<String> token(Given given) {
        Optional<String> secret = secret(given);
        if (secret.isPresent() && !TOKEN.matcher(secret.get()).matches()) {
            problem(
                    given,
                    "has " + secret.get().length() + " characters, some of them perhaps not visible ASCII; expected "
                            + Setting.at(Setting.HTTP_TOKEN).expected());
            return Optional.empty();
        }
        return secret;
    }

    /** The value itself, or the first line of the file that it names. */
    private Optional<String> secret(Given given) {
        if (!given.text().startsWith(FILE)) {
            return Optional.of(given.text());
        }
        Path file = resolve(given, given.text().substring(FILE.length()));
        try {
            Optional<String> line = Files.readString(file).lines().findFirst().filter(text -> !text.isBlank());
            if (line.isEmpty()) {
                problem(
                        given,
                        "is in the file " + file + ", which begins with an empty line; expected the secret there");
            }
            return line;
        } catch (IOException e) {
            problem(given, "is in the file " + file + ", which cannot be read: " + e + "; expected a text file there");
            return Optional.empty();
        }
    }

    private Path resolve(Given given, String path) {
        return given.variable() == null ? directory.resolve(path) : Path.of(path);
    }

    private static String variable(String path) {
        return "ONLINE_EM_"
                + path.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether there is a value, valid or not. */
    private boolean isGiven(String path) {
        return environment.containsKey(variable(path)) || tree.has(path);
    }

    private Optional<Given> given(String path) {
        String variable = variable(path);
        String text = environment.get(variable);
        if (text != null) {
            if (text.isBlank()) {
                problem(
                        new Given(path, variable, text),
                        "is blank; expected " + Setting.at(path).expected() + ", or the variable not set");
                return Optional.empty();
            }
            return Optional.of(new Given(path, variable, text));
        }
        Node node = tree.value(path);
        if (node == null) {
            return Optional.empty();
        }
        Optional<String> value = YamlTree.text(node).filter(given -> !given.isBlank());
        if (value.isEmpty()) {
            reader.unexpected(Setting.at(path), node);
        }
        return value.map(given -> new Given(path, null, given));
    }

    private void problem(Given given, String message) {
        if (given.variable() == null) {
            tree.problemWith(given.path(), " " + message);
        } else {
            tree.problem(null, "environment variable " + given.variable() + ": " + given.path() + " " + message);
        }
    }

    /** Names other than localhost may lead anywhere, and a configuration is checked without asking for them. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return ADDRESS.matcher(host).matches()
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

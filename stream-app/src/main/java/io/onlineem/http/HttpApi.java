package io.onlineem.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the live page, metrics, health and models, and scores records; changes nothing:
 *
 * <table>
 * <caption>Routes, for GET and HEAD</caption>
 * <tr><th>path</th><th>answer</th></tr>
 * <tr><td>/</td><td>the live page; its files are below /page</td></tr>
 * <tr><td>/routes</td><td>this list, as JSON</td></tr>
 * <tr><td>/live</td><td>what the page shows of a model, as JSON; {@code ?model=&sequence=}</td></tr>
 * <tr><td>/live/version</td><td>a past version of a model as the page draws it; {@code ?model=&version=}</td></tr>
 * <tr><td>/events</td><td>what is new of a model, as server-sent events; {@code ?model=&since=}</td></tr>
 * <tr><td>/metrics</td><td>metrics in Prometheus' text format</td></tr>
 * <tr><td>/health/live</td><td>200 if the application is not beyond help, else 503; JSON with the reason</td></tr>
 * <tr><td>/health/ready</td><td>200 if records are being processed, else 503; JSON with the reason</td></tr>
 * <tr><td>/models</td><td>a JSON array of models: id, version, observations, meanLogLikelihood; {@code ?limit=}</td></tr>
 * <tr><td>/models/{id}</td><td>one model as in the models topic; ids may hold '/', plain or percent-encoded</td></tr>
 * <tr><td>/models/{id}/score</td><td>POST: the posterior of a record, or of each record of an array</td></tr>
 * </table>
 *
 * <p>Every error is {@code {"error": …, "expected": …}}: 400 for bad parameters, 404, 405, 413 and 422 for records, 500 (details in the log only), 503
 * while models cannot be read. Beyond loopback it needs TLS and a token, see {@link Access}. Runs on a few daemon threads, so that it never keeps the process alive.
 */
public final class HttpApi implements AutoCloseable {

    /** Models listed if no limit is given. */
    static final int DEFAULT_LIMIT = 100;

    /** Largest body of a request. */
    static final int MAX_BODY_BYTES = 1 << 20;

    /** Largest limit. */
    static final int MAX_LIMIT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final int THREADS = 4;
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String MODEL = "/models/";
    private static final String EVENTS = "/events";
    private static final String MODEL_PARAMETER = "model";
    private static final String SCORE = "/score";

    /** Read of a body that is too large anyway. */
    private static final int MOST_DRAINED_BYTES = 16 << 20;

    private static final Pattern LIMIT = Pattern.compile("limit=(\\d{1,9})");
    private static final Map<String, String> ROUTES = routeDescriptions();

    static {
        // A client that sends or reads a byte now and then would hold a thread, and health checks behind it, for ever.
        setIfAbsent("sun.net.httpserver.maxReqTime", "10");
        setIfAbsent("sun.net.httpserver.maxRspTime", "60");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Ports ports;
    private final Page page = new Page();
    private final EventStreams events;

    /**
     * What is served.
     *
     * @param metrics metrics in Prometheus' text format 0.0.4
     * @param live whether the process should be left running
     * @param ready whether it does its work
     * @param models the models
     * @param page what the live page shows
     */
    public record Ports(
            Supplier<String> metrics, Supplier<Health> live, Supplier<Health> ready, Models models, Live page) {}

    private static Map<String, String> routeDescriptions() {
        Map<String, String> routes = new LinkedHashMap<>();
        routes.put("/", "the live page");
        routes.put("/routes", "this list");
        routes.put("/live", "what the live page shows; ?model=ID, and &sequence=NAME of a model of sequences");
        routes.put("/live/version", "a past version as the live page draws it; ?model=ID&version=N");
        routes.put("/events", "what is new, as server-sent events; ?model=ID&since=MOMENT");
        routes.put("/metrics", "metrics in Prometheus' text format");
        routes.put("/health/live", "200 while the process should be left running, else 503, with the reason");
        routes.put("/health/ready", "200 while records are processed, else 503, with the reason");
        routes.put(
                "/models", "models here; ?limit=N with N up to " + MAX_LIMIT + ", " + DEFAULT_LIMIT + " if not given");
        routes.put("/models/{id}", "one model, as in the models topic");
        routes.put("/models/{id}/score", "POST: the posterior of a record, or of an array of them; nothing is learned");
        return Collections.unmodifiableMap(routes);
    }

    private HttpApi(HttpServer server, ExecutorService threads, Ports ports) {
        this.server = server;
        this.threads = threads;
        this.ports = ports;
        this.events = new EventStreams(ports.page());
    }

    /** Starts to serve on loopback, for anybody on this machine. */
    public static HttpApi start(String host, int port, Ports ports) throws IOException {
        return start(host, port, Access.OPEN, ports);
    }

    /**
     * Starts to serve.
     *
     * @param host name or address to listen on
     * @param port port to listen on; 0 for any that is free
     * @param access who may ask
     * @param ports what is served
     * @throws IOException if it cannot listen there, or must not, since the address is beyond loopback and the access not
     *     protected; the message says where and what to do
     */
    public static HttpApi start(String host, int port, Access access, Ports ports) throws IOException {
        HttpServer server = listen(host, port, access);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, daemons());
        HttpApi api = new HttpApi(server, threads, ports);
        server.setExecutor(threads);
        List<Filter> guards = access.token()
                .map(token -> List.<Filter>of(new Guard(token, access.tls().isPresent(), InstantSource.system())))
                .orElse(List.of());
        server.createContext("/", api::handle).getFilters().addAll(guards);
        startFromDaemon(server, threads);
        return api;
    }

    /** The server's dispatcher thread is a daemon if the thread that starts it is one. */
    private static void startFromDaemon(HttpServer server, ExecutorService daemons) {
        CompletableFuture.runAsync(server::start, daemons).join();
    }

    private static HttpServer listen(String host, int port, Access access) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        String where = host + ":" + port;
        if (address.isUnresolved()) {
            throw new IOException("cannot serve HTTP on " + where + ": the host '" + host
                    + "' is unknown; expected a name or address of this machine, such as 127.0.0.1, in http.host");
        }
        if (!address.getAddress().isLoopbackAddress() && !access.isProtected()) {
            throw new IOException("cannot serve HTTP on " + where + ": the address is beyond loopback, with "
                    + (access.tls().isPresent() ? "TLS" : "no TLS") + " and "
                    + (access.token().isPresent() ? "a" : "no") + " token; expected both there, in http.tls.keystore"
                    + " and http.token, or 127.0.0.1 in http.host");
        }
        try {
            if (access.tls().isEmpty()) {
                return HttpServer.create(address, 0);
            }
            HttpsServer server = HttpsServer.create(address, 0);
            server.setHttpsConfigurator(new HttpsConfigurator(access.tls().get()));
            return server;
        } catch (BindException e) {
            throw new IOException(
                    "cannot serve HTTP on " + where + ": " + e.getMessage()
                            + "; another process may have the port: stop it, or set http.port to a free port, or to 0 for any",
                    e);
        } catch (SocketException e) {
            throw new IOException(
                    "cannot serve HTTP on " + where + ": " + e.getMessage()
                            + "; expected an address of this machine in http.host and a port it may open in http.port",
                    e);
        }
    }

    private static ThreadFactory daemons() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "http-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Where it can be reached from this machine, like {@code http://127.0.0.1:8080}. */
    public String url() {
        InetAddress bound = server.getAddress().getAddress();
        InetAddress reachable = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
        String host = reachable.getHostAddress();
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port();
    }

    /** Stops at once. */
    @Override
    public void close() {
        events.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (isStream(exchange)) {
            Optional<Response> refused = stream(exchange);
            if (refused.isPresent()) {
                answer(exchange, refused.get());
            }
        } else {
            answer(exchange, respond(exchange));
        }
    }

    private static boolean isStream(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET")
                && EVENTS.equals(exchange.getRequestURI().getPath());
    }

    /** Hands the exchange over to a thread of its own, or says why not. */
    private Optional<Response> stream(HttpExchange exchange) {
        try {
            Query query = Query.of(exchange.getRequestURI().getRawQuery(), Set.of(MODEL_PARAMETER, "since"));
            String model = query.text(MODEL_PARAMETER);
            String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
            long since = last != null && last.matches("\\d{1,18}") ? Long.parseLong(last) : query.number("since");
            if (!ports.page().has(model)) {
                return Optional.of(noSuchModel(model));
            }
            return events.open(exchange, model, since);
        } catch (Query.InvalidException e) {
            return Optional.of(e.response());
        } catch (Models.NotAvailableException e) {
            return Optional.of(notAvailable(e));
        } catch (RuntimeException e) {
            return Optional.of(failed(exchange, e));
        }
    }

    private static void answer(HttpExchange exchange, Response response) throws IOException {
        try (exchange) {
            response.send(exchange);
        }
    }

    private Response respond(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("POST") && isScore(exchange.getRequestURI().getPath())) {
            return score(exchange);
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Response.error(405, "the method is " + method, "GET or HEAD; POST at /models/{id}/score only")
                    .with("Allow", "GET, HEAD");
        }
        try {
            return route(
                    exchange.getRequestURI().getPath(), exchange.getRequestURI().getRawQuery());
        } catch (Query.InvalidException e) {
            return e.response();
        } catch (Models.NotAvailableException e) {
            return notAvailable(e);
        } catch (RuntimeException e) {
            return failed(exchange, e);
        }
    }

    private static Response notAvailable(Models.NotAvailableException e) {
        return Response.error(503, e.getMessage(), "a retry in a second").with("Retry-After", "1");
    }

    private static Response failed(HttpExchange exchange, RuntimeException e) {
        LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        return Response.error(500, "this request failed", "see the application's log for the cause");
    }

    private Response route(String path, String query) {
        if (path == null) {
            return notFound("the request has no path");
        }
        return switch (path) {
            case "/routes" -> routes();
            case "/metrics" -> Response.ok(METRICS_TYPE, ports.metrics().get().getBytes(StandardCharsets.UTF_8));
            case "/health/live" -> health(ports.live().get());
            case "/health/ready" -> health(ports.ready().get());
            case "/models" -> models(query);
            case "/live" -> live(query);
            case "/live/version" -> version(query);
            // a stream has no length that HEAD could tell
            case EVENTS -> Response.ok(EventStreams.TYPE, new byte[0]);
            default ->
                path.startsWith(MODEL) && path.length() > MODEL.length()
                        ? model(path.substring(MODEL.length()))
                        : page.at(path).orElseGet(() -> notFound("there is nothing at " + path));
        };
    }

    private static Response notFound(String error) {
        return Response.error(404, error, "one of " + String.join(", ", ROUTES.keySet()));
    }

    private static Response routes() {
        return Response.json(200, generator -> {
            generator.writeStartObject();
            ROUTES.forEach(generator::writeStringProperty);
            generator.writeEndObject();
        });
    }

    private Response live(String query) {
        Query asked = Query.of(query, Set.of(MODEL_PARAMETER, "sequence"));
        String model = asked.text(MODEL_PARAMETER);
        return ports.page()
                .snapshot(model, asked.text("sequence"))
                .map(Response::json)
                .orElseGet(() -> noSuchModel(model));
    }

    private Response version(String query) {
        Query asked = Query.of(query, Set.of(MODEL_PARAMETER, "version"));
        String model = asked.text(MODEL_PARAMETER);
        long version = asked.number("version");
        return ports.page()
                .version(model, version)
                .map(Response::json)
                .orElseGet(() -> Response.error(
                        404,
                        "version " + version + " of the model '" + model + "' is not known here",
                        "one of the versions that /live lists: the others are not kept"));
    }

    private static Response health(Health health) {
        return Response.json(health.up() ? 200 : 503, generator -> {
            generator.writeStartObject();
            generator.writeStringProperty("status", health.up() ? "up" : "down");
            generator.writeStringProperty("reason", health.reason());
            generator.writeEndObject();
        });
    }

    private Response models(String query) {
        int limit = DEFAULT_LIMIT;
        if (query != null) {
            Matcher matcher = LIMIT.matcher(query);
            limit = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
            if (limit < 1 || limit > MAX_LIMIT) {
                return Response.error(
                        400, "the query is '" + query + "'", "nothing, or limit=N with N from 1 to " + MAX_LIMIT);
            }
        }
        List<Models.Summary> summaries = ports.models().list(limit);
        return Response.json(200, generator -> {
            generator.writeStartArray();
            for (Models.Summary summary : summaries) {
                generator.writeStartObject();
                generator.writeStringProperty("id", summary.id());
                generator.writeNumberProperty("version", summary.version());
                generator.writeNumberProperty("observations", summary.observations());
                if (Double.isFinite(summary.meanLogLikelihood())) {
                    generator.writeNumberProperty("meanLogLikelihood", summary.meanLogLikelihood());
                } else {
                    generator.writeNullProperty("meanLogLikelihood");
                }
                generator.writeEndObject();
            }
            generator.writeEndArray();
        });
    }

    private static boolean isScore(String path) {
        return path != null
                && path.startsWith(MODEL)
                && path.length() > MODEL.length() + SCORE.length()
                && path.endsWith(SCORE);
    }

    private Response score(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String id = path.substring(MODEL.length(), path.length() - SCORE.length());
        Optional<byte[]> body = body(exchange);
        if (body.isEmpty()) {
            return Response.error(
                    413, "the body has more than " + MAX_BODY_BYTES + " bytes", "a record, or fewer records at once");
        }
        try {
            return ports.models().score(id, body.get()).map(Response::json).orElseGet(() -> noSuchModel(id));
        } catch (Models.RefusedException e) {
            return refused(e);
        } catch (Models.NotAvailableException e) {
            return notAvailable(e);
        } catch (RuntimeException e) {
            return failed(exchange, e);
        }
    }

    /** Empty if it is too large; it is then read to its end, within reason, since few clients look up while they send. */
    private static Optional<byte[]> body(HttpExchange exchange) throws IOException {
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
        if (body.length <= MAX_BODY_BYTES) {
            return Optional.of(body);
        }
        byte[] rest = new byte[1 << 13];
        for (int read = 0, n = 0; read < MOST_DRAINED_BYTES && n >= 0; read += n) {
            n = in.read(rest);
        }
        return Optional.empty();
    }

    private static Response refused(Models.RefusedException refusal) {
        int status =
                switch (refusal.kind()) {
                    case MALFORMED -> 400;
                    case INVALID -> 422;
                    case TOO_LARGE -> 413;
                };
        return Response.json(status, generator -> {
            generator.writeStartObject();
            generator.writeStringProperty("error", refusal.getMessage());
            generator.writeStringProperty("expected", "a record as in the input topic, or an array of them");
            generator.writeStringProperty("reason", refusal.reason());
            refusal.record().ifPresent(index -> generator.writeNumberProperty("record", index));
            generator.writeEndObject();
        });
    }

    private Response model(String id) {
        return ports.models().json(id).map(Response::json).orElseGet(() -> noSuchModel(id));
    }

    private static Response noSuchModel(String id) {
        return Response.error(
                404,
                "there is no model '" + id + "' here",
                "an id from /models, percent-encoded; a model that warms up is not there yet, and one of"
                        + " another instance is there only");
    }
}

package io.onlineem.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets through who shows the token: programs in the header {@code Authorization: Bearer …}, browsers in a cookie that they
 * get at {@code /login}, since an {@code EventSource} cannot set headers. Health is told to anybody: probes have no token, and
 * it says nothing of the data.
 *
 * <p>The cookie is {@code EXPIRY.MAC}, with the HMAC-SHA256 of the expiry under the token: nothing has to be remembered, every
 * instance with the same token takes it, and another token ends all sessions. Thread-safe.
 */
final class Guard extends Filter {

    /** Where browsers show the token. */
    static final String LOGIN = "/login";

    /** How long a browser stays logged in. */
    static final Duration SESSION = Duration.ofHours(12);

    private static final Set<String> OPEN = Set.of("/health/live", "/health/ready");
    private static final String BEARER = "bearer ";
    private static final int MOST_FORM_BYTES = 4096;
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PAGE = page();
    private static final String REFUSED = "<p role=\"alert\">That is not the token.</p>";

    private final byte[] token;
    private final String cookie;
    private final String attributes;
    private final InstantSource clock;

    /**
     * A guard.
     *
     * @param token what has to be shown
     * @param encrypted whether clients come by TLS: the cookie is then never sent otherwise
     */
    Guard(String token, boolean encrypted, InstantSource clock) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.cookie = encrypted ? "__Host-online-em" : "online-em";
        this.attributes = "; Path=/; Max-Age=" + SESSION.toSeconds() + "; HttpOnly; SameSite=Strict"
                + (encrypted ? "; Secure" : "");
        this.clock = clock;
    }

    private static String page() {
        try (InputStream in = Guard.class.getResourceAsStream("login.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String description() {
        return "lets through who shows the token";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean open = path != null && OPEN.contains(path);
        if (open || isKnown(exchange)) {
            if (LOGIN.equals(path)) {
                send(exchange, home());
            } else {
                chain.doFilter(exchange);
            }
        } else if (LOGIN.equals(path)) {
            send(exchange, login(exchange));
        } else {
            send(exchange, refusal(exchange, "/".equals(path)));
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        try (exchange) {
            response.send(exchange);
        }
    }

    private boolean isKnown(HttpExchange exchange) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return isToken(authorization.substring(BEARER.length()).strip());
        }
        return cookies(exchange).anyMatch(this::isSession);
    }

    /** In a time that tells nothing of the token, not even its length. */
    private boolean isToken(String shown) {
        return MessageDigest.isEqual(mac(shown.getBytes(StandardCharsets.UTF_8)), mac(token));
    }

    private Stream<String> cookies(HttpExchange exchange) {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        String prefix = cookie + "=";
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(";", -1)))
                .map(String::strip)
                .filter(pair -> pair.startsWith(prefix))
                .map(pair -> pair.substring(prefix.length()));
    }

    private boolean isSession(String value) {
        int dot = value.indexOf('.');
        if (dot < 1 || !value.substring(0, dot).chars().allMatch(c -> c >= '0' && c <= '9') || dot > 12) {
            return false;
        }
        long expiry = Long.parseLong(value.substring(0, dot));
        boolean genuine = MessageDigest.isEqual(
                session(expiry).getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        return genuine && clock.instant().getEpochSecond() < expiry;
    }

    private String session(long expiry) {
        byte[] mac = mac(("session until " + expiry).getBytes(StandardCharsets.UTF_8));
        return expiry + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
    }

    private byte[] mac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private Response login(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            return page(200, "");
        }
        if (!method.equals("POST")) {
            return Response.error(405, "the method is " + method, "GET or POST").with("Allow", "GET, HEAD, POST");
        }
        byte[] form = exchange.getRequestBody().readNBytes(MOST_FORM_BYTES + 1);
        Optional<String> shown = form.length > MOST_FORM_BYTES ? Optional.empty() : token(form);
        if (shown.isEmpty() || !isToken(shown.get())) {
            return page(401, REFUSED);
        }
        long expiry = clock.instant().plus(SESSION).getEpochSecond();
        return home().with("Set-Cookie", cookie + "=" + session(expiry) + attributes);
    }

    private static Optional<String> token(byte[] form) {
        String text = new String(form, StandardCharsets.UTF_8);
        for (String pair : text.split("&", -1)) {
            if (pair.startsWith("token=")) {
                try {
                    String value = pair.substring("token=".length());
                    return Optional.of(
                            URLDecoder.decode(value, StandardCharsets.UTF_8).strip());
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Response page(int status, String message) {
        byte[] html = PAGE.replace("{message}", message).getBytes(StandardCharsets.UTF_8);
        return new Response(status, "text/html; charset=utf-8", html, Map.of())
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
    }

    private static Response home() {
        return elsewhere("/");
    }

    private static Response elsewhere(String path) {
        return new Response(303, "text/plain", new byte[0], Map.of()).with("Location", path);
    }

    /** Who opens the page in a browser is led to the login; everybody else is told what is missing. */
    private static Response refusal(HttpExchange exchange, boolean home) {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        if (home && accept != null && accept.contains("text/html")) {
            return elsewhere(LOGIN);
        }
        boolean shown = exchange.getRequestHeaders().containsKey("Authorization");
        return Response.error(
                        401,
                        shown ? "the token is another one" : "there is no token",
                        "the header 'Authorization: Bearer TOKEN' with http.token of the application; in a browser, a"
                                + " login at " + LOGIN)
                .with("WWW-Authenticate", "Bearer realm=\"online-em\"" + (shown ? ", error=\"invalid_token\"" : ""));
    }
}

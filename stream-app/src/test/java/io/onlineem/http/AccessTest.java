package io.onlineem.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.deploy.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AccessTest {

    @TempDir
    static Path directory;

    private static SelfSigned tls;
    private static Access access;
    private static HttpClient client;
    private HttpApi api;

    @BeforeAll
    static void makeKeystore() throws Exception {
        tls = SelfSigned.in(directory.resolve("tls"));
        access = new Access(Optional.of(Access.tls(tls.keystore(), tls.password())), Optional.of(tls.token()));
        client = HttpClient.newBuilder().sslContext(tls.trust()).build();
    }

    @BeforeEach
    void start() throws IOException {
        // on all addresses: what is tested here is what lies beyond loopback
        api = HttpApi.start("0.0.0.0", 0, access, ports());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static HttpApi.Ports ports() {
        return new HttpApi.Ports(
                () -> "metrics",
                () -> Health.up("it lives"),
                () -> Health.down("it starts"),
                new Models() {
                    @Override
                    public List<Summary> list(int limit) {
                        return List.of();
                    }

                    @Override
                    public Optional<byte[]> json(String id) {
                        return Optional.empty();
                    }
                },
                new FakeLive());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api.url() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    private HttpResponse<String> login(String token) throws Exception {
        String form = "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return send(request("/login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    @Test
    void itIsServedByTlsAtAnAddressOfThisMachine() {
        assertThat(api.url()).isEqualTo("https://127.0.0.1:" + api.port());
    }

    @Test
    void whoDoesNotSpeakTlsIsNotAnswered() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.getOutputStream().write("GET /health/live HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("HTTP/1.1 200", "it lives");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/page/main.js",
                "/live",
                "/events?model=wind&since=0",
                "/metrics",
                "/models",
                "/models/m",
                "/nowhere",
                "/health",
                "/health/live/",
                "/login/"
            })
    void nothingIsToldWithoutTheToken(String path) throws Exception {
        HttpResponse<String> response = send(request(path));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(header(response, "WWW-Authenticate")).isEqualTo("Bearer realm=\"online-em\"");
        assertThat(response.body())
                .isEqualTo(
                        "{\"error\":\"there is no token\",\"expected\":\"the header 'Authorization: Bearer TOKEN' with"
                                + " http.token of the application; in a browser, a login at /login\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer x", "Bearer %sx", "Bearer %s %s", "Basic %s", "%s", "Token %s"})
    void anotherTokenIsRefused(String authorization) throws Exception {
        String shown = authorization.replace("%s", tls.token());
        HttpResponse<String> response = send(request("/metrics").header("Authorization", shown));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(header(response, "WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(response.body()).doesNotContain(tls.token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER  "})
    void theTokenIsTakenWhateverTheCaseOfItsScheme(String scheme) throws Exception {
        HttpResponse<String> response = send(request("/metrics").header("Authorization", scheme + tls.token()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("metrics");
    }

    @Test
    void probesNeedNoToken() throws Exception {
        assertThat(send(request("/health/live")).statusCode()).isEqualTo(200);
        assertThat(send(request("/health/ready")).statusCode()).isEqualTo(503);
    }

    @Test
    void aBrowserIsLedToTheLoginAndStaysLoggedIn() throws Exception {
        HttpResponse<String> home = send(request("/").header("Accept", "text/html,application/xhtml+xml;q=0.9"));
        assertThat(home.statusCode()).isEqualTo(303);
        assertThat(header(home, "Location")).isEqualTo("/login");
        HttpResponse<String> form = send(request("/login"));
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.body()).contains("name=\"token\"").doesNotContain("role=\"alert\"", "{message}");

        HttpResponse<String> loggedIn = login(tls.token());
        assertThat(loggedIn.statusCode()).isEqualTo(303);
        assertThat(header(loggedIn, "Location")).isEqualTo("/");
        String cookie = header(loggedIn, "Set-Cookie");
        assertThat(cookie)
                .startsWith("__Host-online-em=")
                .contains("; HttpOnly", "; Secure", "; SameSite=Strict", "; Path=/", "; Max-Age=43200")
                .doesNotContain(tls.token());
        String pair = cookie.substring(0, cookie.indexOf(';'));
        assertThat(send(request("/metrics").header("Cookie", "other=1; " + pair))
                        .body())
                .isEqualTo("metrics");
        assertThat(header(send(request("/login").header("Cookie", pair)), "Location"))
                .isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "%zz", "<script>"})
    void aLoginWithAnotherTokenIsRefused(String token) throws Exception {
        HttpResponse<String> response = login(token);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("That is not the token").doesNotContain("<script>");
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void aLoginLongerThanAnyTokenIsRefused() throws Exception {
        assertThat(login("x".repeat(20_000)).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "9999999999",
                "9999999999.",
                "9999999999.AAAA",
                "-1.AAAA",
                "99999999999999999999999.AAAA",
                "x.AAAA"
            })
    void aSessionThatWasNotGivenIsRefused(String value) throws Exception {
        HttpResponse<String> response = send(request("/metrics").header("Cookie", "__Host-online-em=" + value));
        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionOfAnotherTokenOrALaterExpiryIsRefused() throws Exception {
        String cookie = header(login(tls.token()), "Set-Cookie");
        String value = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
        String prolonged =
                (Long.parseLong(value.substring(0, value.indexOf('.'))) + 1) + value.substring(value.indexOf('.'));
        assertThat(send(request("/metrics").header("Cookie", "__Host-online-em=" + prolonged))
                        .statusCode())
                .isEqualTo(401);
        api.close();
        api = HttpApi.start("127.0.0.1", 0, new Access(access.tls(), Optional.of("another-token-for-all")), ports());
        assertThat(send(request("/metrics").header("Cookie", "__Host-online-em=" + value))
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void anAddressBeyondLoopbackIsNotServedWithoutBoth(String host) {
        for (Access open : List.of(
                Access.OPEN,
                new Access(access.tls(), Optional.empty()),
                new Access(Optional.empty(), access.token()))) {
            assertThatThrownBy(() -> HttpApi.start(host, 0, open, ports()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "cannot serve HTTP on " + host + ":0: the address is beyond loopback, with ")
                    .hasMessageContaining(open.tls().isPresent() ? "no token" : "no TLS")
                    .hasMessageContaining("http.tls.keystore and http.token");
        }
    }

    @Test
    void onLoopbackATokenAloneWillDo() throws Exception {
        try (HttpApi plain =
                HttpApi.start("127.0.0.1", 0, new Access(Optional.empty(), Optional.of(tls.token())), ports())) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(plain.url() + "/login"));
            HttpResponse<String> response = send(request.POST(BodyPublishers.ofString("token=" + tls.token())));
            assertThat(header(response, "Set-Cookie")).startsWith("online-em=").doesNotContain("Secure");
        }
    }

    @Test
    void aKeystoreThatCannotBeUsedIsAnErrorWithItsRemedy() throws Exception {
        assertThatThrownBy(() -> Access.tls(directory.resolve("none.p12"), "x"))
                .hasMessageContaining("none.p12 is not a file that can be read")
                .hasMessageContaining("http.tls.keystore");
        assertThatThrownBy(() -> Access.tls(tls.keystore(), "hunter2"))
                .hasMessageContaining("has another password; expected it in http.tls.keystorePassword")
                .hasMessageNotContaining("hunter2");
        Path text = Files.writeString(directory.resolve("text.p12"), "no keystore");
        assertThatThrownBy(() -> Access.tls(text, "x")).hasMessageContaining("text.p12 cannot be used");
    }

    @Test
    void neitherTheTokenNorTheKeyIsShown() {
        assertThat(access.toString()).isEqualTo("Access[tls=true, token=true]");
    }
}

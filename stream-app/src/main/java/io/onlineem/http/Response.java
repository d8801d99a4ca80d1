package io.onlineem.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An answer, complete before its first byte is sent. */
record Response(int status, String type, byte[] body, Map<String, String> headers) {

    private static final String JSON = "application/json";
    private static final JsonFactory FACTORY = new JsonFactory();

    static Response ok(String type, byte[] body) {
        return new Response(200, type, body, Map.of());
    }

    /** JSON that is there already. */
    static Response json(byte[] json) {
        return ok(JSON, json);
    }

    /** JSON that is written now. */
    static Response json(int status, Consumer<JsonGenerator> value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            value.accept(generator);
        }
        return new Response(status, JSON, out.toByteArray(), Map.of());
    }

    static Response error(int status, String error, String expected) {
        return json(status, generator -> {
            generator.writeStartObject();
            generator.writeStringProperty("error", error);
            generator.writeStringProperty("expected", expected);
            generator.writeEndObject();
        });
    }

    /** Sends it; to HEAD without its body. */
    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        if (head || body.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** The same with a header. */
    Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, type, body, more);
    }
}

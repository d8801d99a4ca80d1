package io.onlineem.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The files of the live page: a fixed list, read once from the classpath, each at its own path. Nothing else can be asked for,
 * whatever a path looks like.
 */
final class Page {

    private static final String FOLDER = "/io/onlineem/page/";
    private static final String D3 = "/META-INF/resources/webjars/d3/";
    private static final String D3_PROPERTIES = "/META-INF/maven/org.webjars.npm/d3/pom.properties";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final List<String> MODULES = List.of(
            "main.js",
            "data.js",
            "format.js",
            "headline.js",
            "charts.js",
            "mixture.js",
            "states.js",
            "levels.js",
            "topics.js",
            "cells.js",
            "records.js",
            "anomalies.js");

    /** Nothing from elsewhere, nothing inline, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, Response> files = new LinkedHashMap<>();

    Page() {
        add("/", "index.html", HTML);
        add("/page/page.css", "page.css", "text/css; charset=utf-8");
        add("/page/icon.svg", "icon.svg", "image/svg+xml");
        for (String module : MODULES) {
            add("/page/" + module, module, SCRIPT);
        }
        files.put("/page/d3.js", file(D3 + d3Version() + "/dist/d3.min.js", SCRIPT));
    }

    /** The folder of a webjar is named after its version. */
    private static String d3Version() {
        Properties properties = new Properties();
        try (InputStream in = open(D3_PROPERTIES)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private void add(String path, String name, String type) {
        files.put(path, file(FOLDER + name, type));
    }

    private static Response file(String resource, String type) {
        try (InputStream in = open(resource)) {
            return Response.ok(type, in.readAllBytes())
                    .with("Content-Security-Policy", POLICY)
                    .with("X-Content-Type-Options", "nosniff")
                    .with("Referrer-Policy", "no-referrer");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = Page.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the live page needs " + resource
                    + ", which is not on the classpath; expected the jar of the application with all of its libraries");
        }
        return in;
    }

    /** The file at a path; empty if there is none. */
    Optional<Response> at(String path) {
        return Optional.ofNullable(files.get(path));
    }
}

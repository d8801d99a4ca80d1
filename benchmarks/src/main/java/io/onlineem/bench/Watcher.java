package io.onlineem.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Who looks at an application while it works: a Prometheus that asks once a second, and a browser with the live page open. */
final class Watcher implements AutoCloseable {

    /** Seconds after which something must have come. */
    private static final int LONG_RUN = 10;

    private static final long RETRY_NANOS = 200_000_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(2, Watcher::daemon);
    private final AtomicInteger scrapes = new AtomicInteger();
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final String url;
    private final String model;
    private final boolean page;
    private volatile boolean closed;

    /**
     * Begins to look.
     *
     * @param url where the application serves HTTP
     * @param page whether the page of a model is open too
     */
    Watcher(String url, String model, boolean page) {
        this.url = url;
        this.model = model;
        this.page = page;
        scrape();
        var unused = threads.scheduleAtFixedRate(this::scrape, 1, 1, TimeUnit.SECONDS);
        if (page) {
            threads.execute(this::read);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "bench-watcher");
        thread.setDaemon(true);
        return thread;
    }

    private void scrape() {
        try {
            HttpResponse<byte[]> response = client.send(request("/metrics"), BodyHandlers.ofByteArray());
            if (response.statusCode() != 200 || response.body().length == 0) {
                throw new IOException("the metrics are answered with " + response.statusCode());
            }
            scrapes.incrementAndGet();
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).build();
    }

    /** As the page: what there is, then what is new, in streams that end from time to time. */
    private void read() {
        try {
            client.send(request("/live?model=" + model), BodyHandlers.discarding());
            String moment = "0";
            while (!closed) {
                moment = follow(moment);
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String follow(String since) throws IOException, InterruptedException {
        var response = client.send(request("/events?model=" + model + "&since=" + since), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            // the model is not there yet
            LockSupport.parkNanos(RETRY_NANOS);
        }
        String moment = since;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    moment = line.substring("id: ".length());
                    events.incrementAndGet();
                }
            }
        }
        return moment;
    }

    private void fail(Exception e) {
        if (!closed) {
            failure.compareAndSet(null, e);
        }
    }

    /** Fails if it could not look: what was measured would be an application that nobody looks at. */
    void requireSeen() {
        if (failure.get() != null || scrapes.get() == 0) {
            throw new IllegalStateException("the application could not be watched", failure.get());
        }
        if (page && scrapes.get() > LONG_RUN && events.get() == 0) {
            throw new IllegalStateException("the live page was told nothing in " + scrapes.get() + " seconds");
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
    }
}

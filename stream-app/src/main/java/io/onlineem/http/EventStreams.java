package io.onlineem.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open streams of server-sent events, so many at most, each in a daemon thread of its own: what waits for a client takes none
 * of the threads that answer requests. An event is made when the one before it has been sent, so nothing queues up for a
 * client that is slow; one that does not take an event for {@link #PATIENCE} is dropped.
 *
 * <p>A stream ends by itself before the server's limit on answers would cut it off; browsers come back at once and go on where
 * they were.
 */
final class EventStreams implements AutoCloseable {

    /** Streams that are open at once. */
    static final int MOST = 32;

    /** How long an event may take to be sent. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    static final String TYPE = "text/event-stream";

    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final Live live;
    private final Duration life;
    private final Semaphore places = new Semaphore(MOST);
    private final AtomicInteger count = new AtomicInteger();

    /** Threads that are sending, and since when by {@link System#nanoTime}. */
    private final Map<Thread, Long> sending = new ConcurrentHashMap<>();

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch;
    private volatile boolean closed;

    EventStreams(Live live) {
        this.live = live;
        long limit = Long.getLong("sun.net.httpserver.maxRspTime", 0);
        this.life = limit > 0 ? Duration.ofMillis(limit * 800) : LONGEST_LIFE;
        this.watch = new ScheduledThreadPoolExecutor(1, this::daemon);
        var unused = watch.scheduleAtFixedRate(
                this::interruptSlow, PATIENCE.toMillis() / 4, PATIENCE.toMillis() / 4, TimeUnit.MILLISECONDS);
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "http-events-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Answers a request with a stream.
     *
     * @param exchange the request; closed when the stream ends
     * @param model id of a model
     * @param since moment from which on events are wanted
     * @return why there is none: the exchange is then still to be answered
     */
    Optional<Response> open(HttpExchange exchange, String model, long since) {
        if (!places.tryAcquire()) {
            return Optional.of(Response.error(
                            503,
                            MOST + " streams of events are open, and no more are served at once",
                            "a retry when another page has been closed")
                    .with("Retry-After", "10"));
        }
        Thread thread = daemon(() -> stream(exchange, model, since));
        threads.add(thread);
        thread.start();
        return Optional.empty();
    }

    private void stream(HttpExchange exchange, String model, long since) {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", TYPE);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                send(out, "retry: 1000\n\n");
                long end = System.nanoTime() + life.toNanos();
                long moment = since;
                while (!closed && System.nanoTime() < end) {
                    Optional<Live.News> news = live.news(model, moment, WAIT);
                    if (news.isEmpty()) {
                        send(out, "event: gone\ndata: {}\n\n");
                        return;
                    }
                    moment = news.get().moment();
                    send(
                            out,
                            "id: " + moment + "\ndata: " + new String(news.get().json(), StandardCharsets.UTF_8)
                                    + "\n\n");
                }
            }
        } catch (IOException e) {
            LOG.debug("a client of the events of {} has gone", model, e);
        } catch (InterruptedException e) {
            // the thread ends here, and nobody waits for it
            LOG.debug("the events of {} end", model);
        } catch (Models.NotAvailableException e) {
            LOG.debug("the events of {} end until models can be read again", model);
        } catch (RuntimeException e) {
            LOG.error("the events of {} failed", model, e);
        } finally {
            threads.remove(Thread.currentThread());
            places.release();
        }
    }

    private void send(OutputStream out, String text) throws IOException {
        sending.put(Thread.currentThread(), System.nanoTime());
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            sending.remove(Thread.currentThread());
        }
    }

    /** An interrupt closes the channel on which a thread is writing. */
    private void interruptSlow() {
        long now = System.nanoTime();
        sending.forEach((thread, since) -> {
            if (now - since > PATIENCE.toNanos()) {
                LOG.info("a client of the events does not read them and is dropped");
                thread.interrupt();
            }
        });
    }

    /** Ends all streams, and waits a little for their clients to be told. */
    @Override
    public void close() {
        closed = true;
        watch.shutdownNow();
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime() + FAREWELL.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

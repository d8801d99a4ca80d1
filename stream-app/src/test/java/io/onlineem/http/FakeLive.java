package io.onlineem.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Knows the model wind, which has news all the time. */
final class FakeLive implements Live {

    private static final byte[] NEWS = "{\"moment\":8}".getBytes(StandardCharsets.UTF_8);

    final CountDownLatch asked = new CountDownLatch(1);
    final Queue<Long> since = new ConcurrentLinkedQueue<>();

    @Override
    public boolean has(String model) {
        return model.equals("wind") || model.equals("m/a b");
    }

    @Override
    public Optional<byte[]> snapshot(String model, String sequence) {
        String answer = "{\"model\":\"" + model + "\",\"sequence\":\"" + sequence + "\"}";
        return has(model) || model.isEmpty() ? Optional.of(answer.getBytes(StandardCharsets.UTF_8)) : Optional.empty();
    }

    @Override
    public Optional<byte[]> version(String model, long version) {
        return has(model) && version == 7
                ? Optional.of("{\"version\":7}".getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
    }

    @Override
    public Optional<News> news(String model, long from, Duration wait) throws InterruptedException {
        since.add(from);
        asked.countDown();
        // as long as nothing is new
        new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        return Optional.of(new News(8, NEWS));
    }
}

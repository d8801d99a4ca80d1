package io.onlineem.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RecentMeanTest {

    /** Sums of a few numbers of a few digits. */
    private static final double ROUNDING = 1e-12;

    private final AtomicLong now = new AtomicLong(123);
    private final RecentMean recent = new RecentMean(Duration.ofSeconds(60), now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void thereIsNoMeanOfNothing() {
        assertThat(recent.mean()).isNaN();
        pass(Duration.ofDays(1));
        assertThat(recent.mean()).isNaN();
    }

    @Test
    void valuesOfTheSameMomentWeighAlike() {
        recent.add(-1);
        recent.add(-2);
        recent.add(-6);
        assertThat(recent.mean()).isEqualTo(-3, within(ROUNDING));
        assertThat(recent.mean()).isEqualTo(-3, within(ROUNDING));
    }

    @Test
    void aValueWeighsHalfAfterAHalfLifeHoweverOftenSomebodyLooks() {
        recent.add(-9);
        assertThat(recent.mean()).isEqualTo(-9);
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(1));
            assertThat(recent.mean()).isEqualTo(-9, within(ROUNDING));
        }
        recent.add(-3);
        assertThat(recent.mean()).isEqualTo((-9 * 0.5 - 3) / 1.5, within(ROUNDING));
    }

    @Test
    void anIdleStreamHasNoRecentMeanInTheEnd() {
        recent.add(-9);
        assertThat(recent.mean()).isEqualTo(-9);
        pass(Duration.ofHours(1));
        assertThat(recent.mean()).isNaN();
        recent.add(-4);
        assertThat(recent.mean()).isEqualTo(-4, within(ROUNDING));
    }

    @Test
    void aValueThatIsNotFiniteDoesNotSpoilTheMean() {
        recent.add(-2);
        recent.add(Double.NaN);
        recent.add(Double.NEGATIVE_INFINITY);
        assertThat(recent.mean()).isEqualTo(-2);
    }

    @Test
    void anOutlierIsForgotten() {
        recent.add(-1e12);
        assertThat(recent.mean()).isEqualTo(-1e12);
        pass(Duration.ofHours(2));
        for (int i = 0; i < 1000; i++) {
            recent.add(-1);
        }
        assertThat(recent.mean()).isEqualTo(-1, within(ROUNDING));
    }

    /** Whole numbers, whose sums are exact: a single value that is lost or counted twice would show. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void noValueIsLostOrCountedTwiceWhileOthersAddAndLook() throws Exception {
        int threads = 8;
        int values = 50_000;
        RecentMean forEver = new RecentMean(Duration.ofDays(100_000), now::get);
        CountDownLatch begin = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(threads + 1);
        try {
            List<Future<?>> adders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int value = t;
                adders.add(executor.submit(() -> {
                    begin.await();
                    for (int i = 0; i < values; i++) {
                        forEver.add(value);
                    }
                    return null;
                }));
            }
            Future<?> reader = executor.submit(() -> {
                begin.await();
                for (int i = 0; i < 2_000; i++) {
                    double mean = forEver.mean();
                    assertThat(Double.isNaN(mean) || (mean >= 0 && mean <= threads - 1))
                            .isTrue();
                }
                return null;
            });
            begin.countDown();
            for (Future<?> adder : adders) {
                adder.get();
            }
            reader.get();
        } finally {
            executor.shutdownNow();
        }
        assertThat(forEver.mean()).isEqualTo((threads - 1) / 2.0);
    }
}

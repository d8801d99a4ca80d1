package io.onlineem.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static List<Long> versionsAfter(long count) {
        History history = new History();
        LongStream.rangeClosed(1, count).forEach(version -> history.add(LiveModelsTest.portrait(version)));
        return history.all().stream().map(Portrait::version).toList();
    }

    @Test
    void everyVersionIsKeptWhileThereIsRoom() {
        assertThat(versionsAfter(History.MOST))
                .isEqualTo(LongStream.rangeClosed(1, History.MOST).boxed().toList());
    }

    @Test
    void theFirstAndTheNewestAreAlwaysAmongThem() {
        for (long count : new long[] {1, 2, 3, 241, 500, 1003, 5001}) {
            List<Long> versions = versionsAfter(count);
            assertThat(versions).startsWith(1L).endsWith(count).isSorted().doesNotHaveDuplicates();
            assertThat(versions).hasSizeLessThanOrEqualTo(History.MOST);
        }
    }

    @Test
    void theVersionsInBetweenAreSpreadEvenly() {
        List<Long> versions = versionsAfter(10_000);
        assertThat(versions).hasSizeGreaterThan(History.MOST / 3);
        long widest = LongStream.range(1, versions.size())
                .map(i -> versions.get((int) i) - versions.get((int) i - 1))
                .max()
                .orElseThrow();
        assertThat(widest).isLessThanOrEqualTo(10_000 / (History.MOST / 4));
    }
}

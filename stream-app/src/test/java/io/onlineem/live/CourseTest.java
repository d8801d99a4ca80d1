package io.onlineem.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {

    private static Course.Moment second(long time) {
        return new Course.Moment(time, 1, 10, 1, 2, -30, 10, time, time / 7, 1.0 / time);
    }

    private static List<Course.Moment> after(int seconds) {
        Course course = new Course();
        for (int t = 1; t <= seconds; t++) {
            course.add(second(t));
        }
        return course.all();
    }

    @Test
    void momentsAreKeptAsTheyAreWhileThereIsRoom() {
        assertThat(after(Course.MOST - 1)).hasSize(Course.MOST - 1).contains(second(17));
    }

    @Test
    void nothingIsLostWhereMomentsBecomeLonger() {
        for (int seconds : new int[] {Course.MOST, Course.MOST + 1, 1000, 12_345}) {
            List<Course.Moment> moments = after(seconds);
            assertThat(moments).hasSizeLessThan(Course.MOST).hasSizeGreaterThanOrEqualTo(Course.MOST / 2);
            assertThat(moments.stream().mapToLong(Course.Moment::scored).sum()).isEqualTo(10L * seconds);
            assertThat(moments.stream().mapToLong(Course.Moment::rejected).sum())
                    .isEqualTo(2L * seconds);
            assertThat(moments.stream().mapToDouble(Course.Moment::seconds).sum())
                    .isCloseTo(seconds, within(1e-6));
            assertThat(moments.stream()
                            .mapToDouble(Course.Moment::logLikelihood)
                            .sum())
                    .isCloseTo(-30.0 * seconds, within(1e-6));
            Course.Moment last = moments.get(moments.size() - 1);
            assertThat(last.time()).isEqualTo(seconds);
            assertThat(last.lag()).isEqualTo(seconds);
            assertThat(last.tailProbability()).isEqualTo(1.0 / seconds);
        }
    }
}

package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Observations;
import io.onlineem.observation.JsonObservationReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindDataTest {

    private final WindData data = WindData.load();

    @Test
    void holdsEveryDayOfEighteenYears() {
        LocalDate first = LocalDate.of(1961, 1, 1);
        List<String> everyDay = first.datesUntil(LocalDate.of(1979, 1, 1))
                .map(LocalDate::toString)
                .toList();

        assertThat(data.dates()).isEqualTo(everyDay).hasSize(6574);
        assertThat(data.days()).isEqualTo(data.speeds().size()).isEqualTo(6574);
    }

    @Test
    void keepsValuesInTheOrderOfTheStations() {
        assertThat(data.stations())
                .containsExactly("RPT", "VAL", "ROS", "KIL", "SHA", "BIR", "DUB", "CLA", "MUL", "CLO", "BEL", "MAL");
        assertThat(data.speeds().record(0))
                .containsExactly(15.04, 14.96, 13.17, 9.29, 13.96, 9.87, 13.67, 10.25, 10.83, 12.58, 18.5, 15.04);
    }

    @Test
    void makesJsonFromWhichTheSameValuesAreRead() {
        JsonObservationReader reader = JsonObservationReader.ofNumbers(data.stations(), 1 << 20);
        Observations read = new Observations();

        reader.read(data.json(4242).getBytes(StandardCharsets.UTF_8), read);

        assertThat(read.record(0)).containsExactly(data.speeds().record(4242));
        assertThat(data.json(4242)).startsWith("{\"date\":\"1972-08-13\",\"RPT\":");
    }

    @Test
    void hasTheLogScaleOfItsStandardDeviations() {
        double sixDigits = 1e-5;
        WindData two = new WindData(
                List.of("A", "B"),
                List.of("1961-01-01", "1961-01-02"),
                Observations.of(new double[] {1, 10}, new double[] {3, 30}));

        // standard deviations 1 and 10
        assertThat(two.logScale()).isCloseTo(Math.log(10), within(1e-12));
        // numpy: np.log(x.std(axis=0)).sum()
        assertThat(data.logScale()).isCloseTo(18.962144, within(sixDigits));
    }
}

package io.onlineem.demo;

import io.onlineem.em.Observations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Mean daily wind speed at twelve Irish stations, 1961 to 1978 (Haslett and Raftery 1989).
 *
 * @param stations short names of the stations, in the order of the values
 * @param dates the days, ISO 8601, without gaps
 * @param speeds one record for each day, in knots
 */
record WindData(List<String> stations, List<String> dates, Observations speeds) {

    private static final String RESOURCE = "irish-wind.csv";

    /** Reads the data that come with the program. */
    static WindData load() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(WindData.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            List<String> columns = List.of(reader.readLine().split(",", -1));
            List<String> dates = new ArrayList<>();
            Observations speeds = new Observations(7000, columns.size() - 1);
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] cells = line.split(",", -1);
                dates.add(cells[0]);
                speeds.add(Arrays.stream(cells)
                        .skip(1)
                        .mapToDouble(Double::parseDouble)
                        .toArray());
            }
            return new WindData(columns.subList(1, columns.size()), List.copyOf(dates), speeds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Number of days. */
    int days() {
        return dates.size();
    }

    /** All days in order, to be sent under one key; their ids are the dates. */
    List<Replay.Item> items(String key) {
        return IntStream.range(0, days())
                .mapToObj(day -> new Replay.Item(dates.get(day), key, json(day)))
                .toList();
    }

    /** A day as a JSON object, as it could come from a weather service. */
    String json(int day) {
        StringBuilder json =
                new StringBuilder("{\"date\":\"").append(dates.get(day)).append('"');
        for (int i = 0; i < stations.size(); i++) {
            json.append(",\"").append(stations.get(i)).append("\":").append(speeds.value(day, i));
        }
        return json.append('}').toString();
    }

    /** {@code Σ log sd} of the stations: what a log-density per day grows by if every station is scaled to variance 1. */
    double logScale() {
        double sum = 0;
        for (int station = 0; station < stations.size(); station++) {
            double mean = 0;
            for (int day = 0; day < days(); day++) {
                mean += speeds.value(day, station) / days();
            }
            double variance = 0;
            for (int day = 0; day < days(); day++) {
                double deviation = speeds.value(day, station) - mean;
                variance += deviation * deviation / days();
            }
            sum += 0.5 * Math.log(variance);
        }
        return sum;
    }
}

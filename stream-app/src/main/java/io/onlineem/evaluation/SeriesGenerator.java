package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Labelled series of single values, varied as operations data are: 15 kinds of processes (processor load, requests, demand,
 * mentions, prices, temperatures, duty cycles, saw-teeth, batch traffic, heavy tails, near-constant values and more),
 * sampled every minute to every hour, 1,000 to 20,000 records.
 *
 * <p>One in seven has no anomaly, the others have one to four, none before a fifth of the records: spikes, level shifts that
 * end or last, flat lines, more and less variance, lost or shifted patterns, days like other days, slow drifts, dropouts.
 * What is labelled is the anomaly itself, not a wider window; see {@link ScoredSeries#widened}. Anomalies are some units
 * large that follow the process's own deviations, from hardly visible to blatant. Not labelled, since nobody should be
 * woken: spells of somewhat more noise, a gentle trend, missing records.
 *
 * <p>The same seed always gives the same series. See {@link Seeds} for which to use.
 */
public final class SeriesGenerator {

    /** 2026-01-01 00:00:00, a Thursday. */
    static final long START = 1_767_225_600L;

    private static final int SHORTEST = 1000;
    private static final int LONGEST = 20_000;

    /** Of the records, before the first anomaly. */
    private static final double CLEAN = 0.2;

    private static final List<BehaviourKind> KINDS = List.of(BehaviourKind.values());

    private static final double[] CHANCES = {0.15, 0.35, 0.25, 0.15, 0.1};

    private SeriesGenerator() {}

    /** The series of a seed. */
    public static LabelledSeries series(long seed) {
        BehaviourKind kind = KINDS.get((int) Math.floorMod(seed, (long) KINDS.size()));
        Random random = random(seed);
        int interval = kind.interval(random);
        Behaviour behaviour = kind.create(interval, random);
        int size = (int) Behaviour.logBetween(SHORTEST, LONGEST, random);
        if (behaviour.kinds().contains(AnomalyKind.SHIFTED_PATTERN)) {
            // two weeks at least, or there is no pattern to learn
            size = Math.max(size, (int) Math.min(LONGEST, 14 * Behaviour.DAY / interval));
        }
        Conditions[] conditions = new Conditions[size];
        Arrays.setAll(conditions, i -> new Conditions());
        long start = START + 3600L * random.nextInt(24 * 7);
        nuisances(behaviour, conditions, random);
        List<int[]> spans = new ArrayList<>();
        List<AnomalyKind> kinds = new ArrayList<>();
        int count = count(random);
        for (int k = 0; k < count; k++) {
            double stratum = (0.97 - CLEAN) / count;
            int from = (int) (size * (CLEAN + k * stratum));
            int room = (int) (size * stratum);
            AnomalyKind anomaly = pick(behaviour.kinds(), random);
            int length = Math.max(1, Math.min(length(anomaly, size, interval, random), room * 2 / 3));
            int onset = from + random.nextInt(Math.max(1, room - length - room / 10));
            if (anomaly == AnomalyKind.WRONG_DAY) {
                long second = start + (long) onset * interval;
                int midnight = onset + (int) (Math.floorMod(-second, Behaviour.DAY) / interval);
                onset = midnight + length <= from + room ? midnight : onset;
            }
            inject(anomaly, conditions, onset, length, start, interval, random);
            spans.add(new int[] {onset, onset + length - 1});
            kinds.add(anomaly);
        }
        boolean[] missing = gaps(size, spans, random);
        return draw(seed, kind, behaviour, conditions, missing, spans, kinds, start, interval, random);
    }

    /** Small seeds in a row would have alike first numbers. */
    static Random random(long seed) {
        return new Random(new SplittableRandom(seed).nextLong());
    }

    private static int count(Random random) {
        double u = random.nextDouble();
        int count = 0;
        while (count < CHANCES.length - 1 && u >= CHANCES[count]) {
            u -= CHANCES[count++];
        }
        return count;
    }

    private static AnomalyKind pick(Set<AnomalyKind> kinds, Random random) {
        List<AnomalyKind> list = new ArrayList<>(kinds);
        return list.get(random.nextInt(list.size()));
    }

    private static int length(AnomalyKind kind, int size, int interval, Random random) {
        int day = (int) (Behaviour.DAY / interval);
        int usual = (int) Math.max(15, size * Behaviour.between(0.005, 0.03, random));
        return switch (kind) {
            case SPIKE_UP, SPIKE_DOWN -> 1 + random.nextInt(3);
            case WRONG_DAY -> day;
            case SHIFTED_PATTERN, LOST_SEASONALITY -> Math.max(usual, Math.min(day, size / 20));
            case SLOW_DRIFT -> Math.max(40, 2 * usual);
            default -> usual;
        };
    }

    private static void inject(
            AnomalyKind kind, Conditions[] all, int onset, int length, long start, int interval, Random random) {
        double sign = random.nextBoolean() ? 1 : -1;
        double large = Behaviour.logBetween(4, 12, random);
        double level = sign * Behaviour.logBetween(2, 8, random);
        double factor = Behaviour.logBetween(3, 8, random);
        long ahead = 3600L * (6 + random.nextInt(12));
        int day = (int) Math.floorMod((start + (long) onset * interval) / Behaviour.DAY + 3, 7L);
        int likeDay = day >= 5 ? 1 : 6;
        double quiet = Behaviour.between(0.02, 0.2, random);
        double dropped = Behaviour.between(0.5, 1, random);
        int end = kind == AnomalyKind.LASTING_SHIFT ? all.length : onset + length;
        for (int i = onset; i < end; i++) {
            Conditions now = all[i];
            switch (kind) {
                case SPIKE_UP -> now.shift += large;
                case SPIKE_DOWN -> now.shift -= large;
                case LEVEL_SHIFT, LASTING_SHIFT -> now.shift += level;
                case FLAT_LINE -> now.frozen = true;
                case MORE_VARIANCE -> now.noise *= factor;
                case LESS_VARIANCE -> now.noise *= quiet;
                case LOST_SEASONALITY -> now.season = 0;
                case SHIFTED_PATTERN -> now.ahead = ahead;
                case WRONG_DAY -> now.likeDay = likeDay;
                case SLOW_DRIFT -> now.shift += 1.2 * level * (i - onset + 1) / length;
                case DROPOUT -> now.absent = i == onset || random.nextDouble() < dropped;
            }
        }
    }

    /** A gentle trend in one of three, spells of somewhat more noise in one of two. */
    private static void nuisances(Behaviour behaviour, Conditions[] conditions, Random random) {
        int size = conditions.length;
        if (random.nextInt(3) == 0) {
            double height = Behaviour.between(0.5, 1.5, random);
            double phase = random.nextDouble();
            for (int i = 0; i < size; i++) {
                double trend = height * Math.sin(2 * Math.PI * (phase + (double) i / size));
                if (behaviour.isPositive()) {
                    conditions[i].gain *= 1 + trend / 8;
                } else {
                    conditions[i].shift += trend;
                }
            }
        }
        int spells = random.nextBoolean() ? 0 : 1 + random.nextInt(3);
        for (int k = 0; k < spells; k++) {
            int from = random.nextInt(size);
            int to = Math.min(size, from + 5 + random.nextInt(size / 40));
            double factor = Behaviour.between(1.2, 1.7, random);
            for (int i = from; i < to; i++) {
                conditions[i].noise *= factor;
            }
        }
    }

    /** Records that never came, in one of three series; none in or just before an anomaly. */
    private static boolean[] gaps(int size, List<int[]> spans, Random random) {
        boolean[] missing = new boolean[size];
        if (random.nextInt(3) > 0) {
            return missing;
        }
        int gaps = 1 + random.nextInt(4);
        for (int k = 0; k < gaps; k++) {
            int from = random.nextInt(size);
            int to = Math.min(size, from + 1 + random.nextInt(Math.max(2, size / 200)));
            boolean free = spans.stream().allMatch(span -> to + 10 < span[0] || from > span[1] + 10);
            if (free) {
                Arrays.fill(missing, from, to, true);
            }
        }
        return missing;
    }

    private static LabelledSeries draw(
            long seed,
            BehaviourKind kind,
            Behaviour behaviour,
            Conditions[] conditions,
            boolean[] missing,
            List<int[]> spans,
            List<AnomalyKind> kinds,
            long start,
            int interval,
            Random random) {
        int size = conditions.length;
        List<Long> times = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            long second = start + (long) i * interval;
            double value = behaviour.next(second, conditions[i], random);
            if (!missing[i]) {
                times.add(1000 * second);
                values.add(new double[] {rounded(value)});
            }
        }
        List<Window> windows = new ArrayList<>();
        for (int k = 0; k < spans.size(); k++) {
            windows.add(new Window(
                    1000 * (start + (long) spans.get(k)[0] * interval),
                    1000 * (start + (long) spans.get(k)[1] * interval),
                    kinds.get(k).label()));
        }
        return new LabelledSeries(
                "series-" + seed,
                kind.label(),
                times.stream().mapToLong(Long::longValue).toArray(),
                values.toArray(double[][]::new),
                windows);
    }

    /** As files hold it: six significant digits. */
    static double rounded(double value) {
        if (value == 0) {
            return 0;
        }
        double size = Math.pow(10, 5 - Math.floor(Math.log10(Math.abs(value))));
        return Math.rint(value * size) / size;
    }
}

package io.onlineem.evaluation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What generated series are like when nothing is wrong with them, each after something that operations people watch. */
enum BehaviourKind {
    /** A level and noise: the latency of a quiet service. */
    FLAT(60, 300) {
        @Override
        Behaviour create(int interval, Random random) {
            double level = Behaviour.logBetween(1, 1000, random);
            double noise = level * Behaviour.between(0.01, 0.1, random);
            return new Behaviour(noise) {
                @Override
                double value(long second, Conditions now, Random random) {
                    return level + noise * now.noise * random.nextGaussian();
                }
            };
        }
    },
    /** Records lean on those before: queue lengths, load. */
    AUTOREGRESSIVE(60, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double level = Behaviour.logBetween(10, 10_000, random);
            double deviation = level * Behaviour.between(0.02, 0.15, random);
            double memory = Behaviour.between(0.6, 0.97, random);
            double innovation = deviation * Math.sqrt(1 - memory * memory);
            return new Behaviour(deviation) {
                private double state;

                @Override
                double value(long second, Conditions now, Random random) {
                    state = memory * state + innovation * now.noise * random.nextGaussian();
                    return level + state;
                }
            };
        }
    },
    /** Wanders, but not away: free memory, a price. */
    RANDOM_WALK(60, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double middle = Behaviour.logBetween(10, 1000, random);
            double step = middle * Behaviour.between(0.001, 0.006, random);
            double bound = 60 * step;
            return new Behaviour(6 * step) {
                private double state;

                @Override
                double value(long second, Conditions now, Random random) {
                    state += step * now.noise * random.nextGaussian();
                    if (Math.abs(state) > bound) {
                        state = Math.signum(state) * 2 * bound - state;
                    }
                    return middle + state + 0.3 * step * random.nextGaussian();
                }
            };
        }
    },
    /** Processor load of a server with users by day. */
    CPU_LOAD(300, 300) {
        @Override
        Behaviour create(int interval, Random random) {
            double idle = Behaviour.between(2, 30, random);
            double amplitude = Behaviour.between(8, 40, random);
            double noise = amplitude * Behaviour.between(0.05, 0.2, random);
            double peak = Behaviour.between(9, 20, random);
            long job = Behaviour.DAY / (1 + random.nextInt(4));
            double jobLoad = random.nextBoolean() ? 0 : Behaviour.between(5, 20, random);
            return new Seasonal(2 * noise) {
                private double state;

                @Override
                double value(long second, Conditions now, Random random) {
                    state = 0.7 * state + 0.71 * noise * now.noise * random.nextGaussian();
                    long at = second + now.ahead;
                    double daily = 0.35 + (bump(at, peak, 4) - 0.35) * now.season;
                    double batch = Math.floorMod(at, job) < 900 ? jobLoad * now.season : 0;
                    return idle + amplitude * daily + batch + state;
                }
            }.within(0, 100);
        }
    },
    /** Rides: two peaks on working days, late ones at weekends. */
    TAXI_DEMAND(1800, 1800) {
        @Override
        Behaviour create(int interval, Random random) {
            double scale = Behaviour.logBetween(500, 20_000, random);
            double noise = Behaviour.between(0.02, 0.06, random);
            return new Weekly(2.5 * noise * scale) {
                private double state;

                @Override
                double value(long second, Conditions now, Random random) {
                    state = 0.8 * state + 0.6 * noise * now.noise * random.nextGaussian();
                    long at = second + now.ahead;
                    double demand = isWeekend(at, now)
                            ? 0.25 + 0.75 * bump(at, 0.5, 2) + 0.6 * bump(at, 16, 4)
                            : 0.15 + 0.7 * bump(at, 8.5, 1.7) + 0.9 * bump(at, 19, 2.8);
                    return scale * (0.55 + (demand - 0.55) * now.season) * (1 + state);
                }
            }.within(0, Double.POSITIVE_INFINITY).inStepsOf(1);
        }
    },
    /** Requests by the minute or the hour, counts with a day and a week to them. */
    REQUEST_COUNTS(300, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double scale = Behaviour.logBetween(5, 3000, random);
            double weekend = Behaviour.between(0.3, 0.8, random);
            double peak = Behaviour.between(11, 21, random);
            double excess = Behaviour.between(0.03, 0.15, random);
            return new Weekly(2 * Math.sqrt(scale + excess * excess * scale * scale)) {
                @Override
                double value(long second, Conditions now, Random random) {
                    long at = second + now.ahead;
                    double rate = 0.25 + bump(at, peak, 4.5);
                    rate *= isWeekend(at, now) ? weekend : 1;
                    double mean = scale * (0.6 + (rate - 0.6) * now.season);
                    return poisson(Math.max(0, mean * (1 + excess * now.noise * random.nextGaussian())), random);
                }
            }.within(0, Double.POSITIVE_INFINITY);
        }
    },
    /** Mentions: few, with bursts of their own that die away. */
    MENTIONS(300, 300) {
        @Override
        Behaviour create(int interval, Random random) {
            double scale = Behaviour.logBetween(6, 60, random);
            double burstChance = Behaviour.between(0.001, 0.004, random);
            return new Behaviour(4 * Math.sqrt(scale) + 1.2 * scale) {
                private double burst;

                @Override
                double value(long second, Conditions now, Random random) {
                    burst *= 0.75;
                    if (random.nextDouble() < burstChance) {
                        burst += scale * Behaviour.between(0.5, 2, random);
                    }
                    double daily = 0.3 + bump(second + now.ahead, 20, 5);
                    double spread = Math.exp(0.3 * now.noise * random.nextGaussian());
                    return poisson((scale * daily + burst) * spread, random);
                }

                @Override
                Set<AnomalyKind> kinds() {
                    return EnumSet.of(
                            AnomalyKind.SPIKE_UP,
                            AnomalyKind.LEVEL_SHIFT,
                            AnomalyKind.LASTING_SHIFT,
                            AnomalyKind.DROPOUT);
                }
            }.within(0, Double.POSITIVE_INFINITY);
        }
    },
    /** Price of a click: its noise is in proportion, and skew. */
    CLICK_PRICE(3600, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double level = Behaviour.logBetween(0.05, 2, random);
            double spread = Behaviour.between(0.1, 0.3, random);
            return new Behaviour(1.5 * spread * level) {
                private double state;

                @Override
                double value(long second, Conditions now, Random random) {
                    state = 0.5 * state + 0.85 * spread * now.noise * random.nextGaussian();
                    double daily = 0.15 * now.season * bump(second + now.ahead, 13, 5);
                    return level * Math.exp(state + daily);
                }
            }.within(0, Double.POSITIVE_INFINITY).inStepsOf(0.001);
        }
    },
    /** On and off for times that vary somewhat: a compressor, a heater. */
    DUTY_CYCLE(60, 300) {
        @Override
        Behaviour create(int interval, Random random) {
            double low = Behaviour.between(0, 20, random);
            double high = low + Behaviour.between(10, 80, random);
            double noise = (high - low) * Behaviour.between(0.02, 0.06, random);
            double lengthOn = Behaviour.between(10, 60, random);
            double lengthOff = Behaviour.between(10, 60, random);
            return new Behaviour(0.5 * (high - low)) {
                private boolean on;
                private double left;

                @Override
                double value(long second, Conditions now, Random random) {
                    if (left-- <= 0) {
                        on = !on;
                        left = (on ? lengthOn : lengthOff) * Behaviour.between(0.85, 1.15, random) * now.season;
                    }
                    return (on ? high : low) + noise * now.noise * random.nextGaussian();
                }

                @Override
                Set<AnomalyKind> kinds() {
                    return EnumSet.of(
                            AnomalyKind.SPIKE_UP,
                            AnomalyKind.SPIKE_DOWN,
                            AnomalyKind.LEVEL_SHIFT,
                            AnomalyKind.FLAT_LINE,
                            AnomalyKind.LOST_SEASONALITY,
                            AnomalyKind.MORE_VARIANCE);
                }
            };
        }
    },
    /** Fills and is emptied: a disk with log rotation, a heap with its collector. */
    SAW_TOOTH(60, 300) {
        @Override
        Behaviour create(int interval, Random random) {
            double low = Behaviour.between(5, 30, random);
            double high = low + Behaviour.between(20, 60, random);
            double slope = (high - low) / Behaviour.between(30, 200, random);
            double noise = (high - low) * Behaviour.between(0.01, 0.03, random);
            return new Behaviour(0.3 * (high - low)) {
                private double state = low;

                @Override
                double value(long second, Conditions now, Random random) {
                    state += slope * now.season * Behaviour.between(0.5, 1.5, random);
                    if (state > high) {
                        state = low + (high - low) * 0.1 * random.nextDouble();
                    }
                    return state + noise * now.noise * random.nextGaussian();
                }

                @Override
                Set<AnomalyKind> kinds() {
                    return EnumSet.of(
                            AnomalyKind.SPIKE_UP,
                            AnomalyKind.SPIKE_DOWN,
                            AnomalyKind.LEVEL_SHIFT,
                            AnomalyKind.FLAT_LINE,
                            AnomalyKind.LOST_SEASONALITY,
                            AnomalyKind.MORE_VARIANCE);
                }
            };
        }
    },
    /** Travel times, response times: outliers are normal here. */
    HEAVY_TAILED(300, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double level = Behaviour.logBetween(20, 500, random);
            double scale = level * Behaviour.between(0.03, 0.1, random);
            double freedom = Behaviour.between(3, 6, random);
            return new Behaviour(2 * scale) {
                @Override
                double value(long second, Conditions now, Random random) {
                    double chiSquare = 0;
                    for (int i = 0; i < (int) freedom; i++) {
                        double z = random.nextGaussian();
                        chiSquare += z * z;
                    }
                    double student = random.nextGaussian() / Math.sqrt(Math.max(chiSquare, 1e-3) / (int) freedom);
                    return level + scale * now.noise * student;
                }
            };
        }
    },
    /** A temperature in steps of its sensor, with a day to it. */
    TEMPERATURE(300, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double level = Behaviour.between(10, 80, random);
            double amplitude = Behaviour.between(0.5, 6, random);
            double wander = Behaviour.between(0.3, 1.5, random);
            double memory = Math.exp(-interval / (6.0 * 3600));
            double peak = Behaviour.between(12, 17, random);
            double size = random.nextBoolean() ? 0.1 : 0.5;
            return new Seasonal(Math.max(3 * size, wander + 0.3 * amplitude)) {
                private double state;

                @Override
                double value(long second, Conditions now, Random random) {
                    state = memory * state + wander * Math.sqrt(1 - memory * memory) * random.nextGaussian();
                    double daily = Math.cos(2 * Math.PI * (timeOfDay(second + now.ahead) - peak / 24));
                    return level
                            + amplitude * daily * now.season
                            + state
                            + 0.1 * wander * now.noise * random.nextGaussian();
                }
            }.inStepsOf(size);
        }
    },
    /** Hardly ever anything but the same value: free inodes, a version, a voltage. */
    NEAR_CONSTANT(60, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double level = Math.rint(Behaviour.logBetween(10, 10_000, random));
            double digit = random.nextBoolean() ? 1 : 0.1;
            double chance = Behaviour.between(0.002, 0.05, random);
            return new Behaviour(3 * digit) {
                @Override
                double value(long second, Conditions now, Random random) {
                    boolean flickers = random.nextDouble() < chance * now.noise;
                    return level + (flickers ? (random.nextBoolean() ? digit : -digit) : 0);
                }

                @Override
                Set<AnomalyKind> kinds() {
                    return EnumSet.of(
                            AnomalyKind.SPIKE_UP,
                            AnomalyKind.SPIKE_DOWN,
                            AnomalyKind.LEVEL_SHIFT,
                            AnomalyKind.LASTING_SHIFT,
                            AnomalyKind.SLOW_DRIFT,
                            AnomalyKind.DROPOUT);
                }
            }.inStepsOf(digit);
        }
    },
    /** Bytes of a host that is quiet between the jobs of its timetable. */
    BATCH_TRAFFIC(60, 300) {
        @Override
        Behaviour create(int interval, Random random) {
            double quiet = Behaviour.logBetween(10, 1000, random);
            double burst = quiet * Behaviour.logBetween(20, 500, random);
            long period = (long) interval * (20 + random.nextInt(60));
            long length = (long) interval * (1 + random.nextInt(5));
            return new Behaviour(0.8 * burst) {
                @Override
                double value(long second, Conditions now, Random random) {
                    boolean active = Math.floorMod(second + now.ahead, period) < length && now.season > 0;
                    double spread = Math.exp(0.25 * now.noise * random.nextGaussian());
                    return (active ? burst : quiet) * spread;
                }

                @Override
                Set<AnomalyKind> kinds() {
                    return EnumSet.of(
                            AnomalyKind.SPIKE_UP,
                            AnomalyKind.LEVEL_SHIFT,
                            AnomalyKind.LASTING_SHIFT,
                            AnomalyKind.FLAT_LINE,
                            AnomalyKind.LOST_SEASONALITY,
                            AnomalyKind.DROPOUT);
                }
            }.within(0, Double.POSITIVE_INFINITY).inStepsOf(1);
        }
    },
    /** Sales, in proportion to the hour and the day, noise and all. */
    SALES(3600, 3600) {
        @Override
        Behaviour create(int interval, Random random) {
            double scale = Behaviour.logBetween(100, 50_000, random);
            double weekend = Behaviour.between(0.5, 1.6, random);
            double spread = Behaviour.between(0.05, 0.12, random);
            double peak = Behaviour.between(11, 20, random);
            return new Weekly(3 * spread * scale) {
                @Override
                double value(long second, Conditions now, Random random) {
                    long at = second + now.ahead;
                    double daily = Math.exp(1.2 * now.season * (bump(at, peak, 4) - 0.5));
                    double day = isWeekend(at, now) ? weekend : 1;
                    return scale * daily * day * Math.exp(spread * now.noise * random.nextGaussian());
                }
            }.within(0, Double.POSITIVE_INFINITY);
        }
    };

    private final int shortest;
    private final int longest;

    BehaviourKind(int shortest, int longest) {
        this.shortest = shortest;
        this.longest = longest;
    }

    /** A process of this kind. */
    abstract Behaviour create(int interval, Random random);

    /** Seconds between two records. */
    int interval(Random random) {
        int[] sampled = IntStream.of(60, 300, 1800, 3600)
                .filter(seconds -> shortest <= seconds && seconds <= longest)
                .toArray();
        return sampled[random.nextInt(sampled.length)];
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** With a day to it. */
    private abstract static class Seasonal extends Behaviour {
        Seasonal(double unit) {
            super(unit);
        }

        @Override
        Set<AnomalyKind> kinds() {
            Set<AnomalyKind> kinds = super.kinds();
            kinds.add(AnomalyKind.LOST_SEASONALITY);
            kinds.add(AnomalyKind.SHIFTED_PATTERN);
            kinds.add(AnomalyKind.LESS_VARIANCE);
            return kinds;
        }
    }

    /** With a week to it. */
    private abstract static class Weekly extends Seasonal {
        Weekly(double unit) {
            super(unit);
        }

        @Override
        Set<AnomalyKind> kinds() {
            Set<AnomalyKind> kinds = super.kinds();
            kinds.add(AnomalyKind.WRONG_DAY);
            return kinds;
        }
    }
}

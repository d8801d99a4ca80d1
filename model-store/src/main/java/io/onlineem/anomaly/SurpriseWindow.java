package io.onlineem.anomaly;

/** The newest surprises of a stream, and the level that they are taken relative to. Mutable; not thread-safe. */
final class SurpriseWindow {

    private static final double LARGEST = 1e12;

    private final double[] ring;
    private final double levelHalfLife;
    private int newest;
    private int filled;
    private double level = Double.NaN;
    private double levelWeight;

    /**
     * A stream that has not begun.
     *
     * @param length surprises that are remembered, at least 1
     * @param levelHalfLife half-life of the moving level in records; 0 for none
     */
    SurpriseWindow(int length, double levelHalfLife) {
        this.ring = new double[length];
        this.newest = length - 1;
        this.levelHalfLife = levelHalfLife;
    }

    /**
     * A stream that goes on; surprises beyond what is remembered are forgotten, oldest first.
     *
     * @param state level, its weight, and surprises relative to it, oldest first
     */
    SurpriseWindow(int length, double levelHalfLife, double[] state) {
        this(length, levelHalfLife);
        Numbers.require(state.length >= 2 && state[1] >= 0, "a level of surprises", state.length);
        level = state[0];
        levelWeight = state[1];
        filled = Math.min(state.length - 2, length);
        System.arraycopy(state, state.length - filled, ring, length - filled, filled);
    }

    /** Level, its weight, and the surprises relative to it, oldest first. */
    double[] state() {
        double[] state = new double[2 + filled];
        state[0] = level;
        state[1] = levelWeight;
        for (int i = 0; i < filled; i++) {
            state[2 + i] = ring[Math.floorMod(newest + 1 + i - filled, ring.length)];
        }
        return state;
    }

    /**
     * Takes the next surprise.
     *
     * @param given in nats, not NaN; infinities count as ±1e12
     * @param weight by which the level learns from it
     */
    void add(double given, double weight) {
        double surprise = Math.max(-LARGEST, Math.min(LARGEST, given));
        newest = newest + 1 == ring.length ? 0 : newest + 1;
        ring[newest] = levelHalfLife > 0 && levelWeight > 0 ? surprise - level : surprise;
        filled = Math.min(filled + 1, ring.length);
        if (levelHalfLife > 0 && weight > 0) {
            double decay = Math.pow(0.5, weight / levelHalfLife);
            levelWeight = levelWeight * decay + (1 - decay);
            level = Double.isNaN(level) ? surprise : level + (1 - decay) / levelWeight * (surprise - level);
        }
    }

    /** The statistic of a channel; {@code NaN} while there are not enough. */
    double statistic(Channel channel) {
        return filled < channel.length() ? Double.NaN : channel.statistic(ring, newest);
    }
}

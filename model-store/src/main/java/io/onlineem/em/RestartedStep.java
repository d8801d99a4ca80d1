package io.onlineem.em;

/**
 * A constant step that was raised: {@code γ_n = max(γ, 1/n)}, the running mean until it is steadier than the constant step.
 *
 * @param constant the step to come back to; the same for every n
 */
record RestartedStep(StepSize constant) implements StepSize {

    @Override
    public double at(double n) {
        return Math.max(constant.at(n), 1 / Math.max(1, n));
    }

    @Override
    public double composite(double n, double m) {
        double raised = Math.max(0, Math.min(m, 1 / constant.at(n) - n));
        // Π (1 - 1/i) telescopes
        double remaining = raised > 0 ? n / (n + raised) : 1;
        return 1 - remaining * (1 - constant.composite(n, m - raised));
    }

    @Override
    public StepSize restarted() {
        return this;
    }
}

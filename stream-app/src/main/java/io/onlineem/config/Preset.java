package io.onlineem.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * A set of settings under one name, for what many people need. Everything in it is an ordinary setting that could be written out
 * by hand, and what is given beside the preset comes before it.
 */
public enum Preset {

    /** One metric: a series of a time and a value. */
    UNIVARIATE_METRIC("univariate-metric", """
            input:
              fields: [value]
              missing: allowed
            model:
              scope: per-key
              type: mixture
              family: gaussian
              components: 3
              lags: 2
              covarianceFloor: 1e-8
            learning:
              warmUp: 100
              starts: 2
              miniBatch: 50
              stepSize: {halfLife: 2000}
              blocks: {length: 1, lookAhead: 0}
            anomaly:
              enabled: true
              season: true
              channels: [record, level-10, level-60, repeats]
              tail: robust
              halfLife: 2000
              warmUp: 100
              holdOff: 60
              quiet: 60
              newNormal: 0
            """),

    /** Several channels that belong together, the first records of which are clean. */
    SENSOR_ARRAY("sensor-array", """
            input:
              missing: allowed
            model:
              scope: per-key
              type: mixture
              family: gaussian
              components: 1
              lags: 1
              covarianceFloor: 1e-6
              prior: {strength: 20}
            learning:
              warmUp: 250
              starts: 1
              miniBatch: 50
              stepSize: {exponent: 1}
              blocks: {length: 1, lookAhead: 0}
            anomaly:
              enabled: true
              channels: [mean-15, alone-15, repeats]
              tail: robust
              tailProbability: 0.02
              halfLife: 3500
              warmUp: 100
              quiet: 20
              learning: skip
              newNormal: 1000
            """);

    private final String label;
    private final String settings;

    Preset(String label, String settings) {
        this.label = label;
        this.settings = settings;
    }

    /** Its name in configurations. */
    public String label() {
        return label;
    }

    /** The settings it stands for, as YAML. */
    public String settings() {
        return settings;
    }

    /** The preset of that name. */
    static Optional<Preset> of(String label) {
        return Arrays.stream(values())
                .filter(preset -> preset.label.equals(label))
                .findFirst();
    }
}

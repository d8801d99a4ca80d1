package io.onlineem.bench;

import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.evaluation.Detector;
import java.nio.file.Path;
import java.util.Map;

/** A model of a configuration: each record scored by what was learned from those before it, then learned from. */
final class LearnedDetector<P extends Parameters> implements Detector {

    private final OnlineLearner<P> learner;
    private final Observations record = new Observations();

    private LearnedDetector(Model<P> model, Learning learning) {
        this.learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
    }

    static Configuration configuration(String text) {
        return ConfigurationReader.read(
                "bench", "application: bench\nkafka: {bootstrap.servers: none:9092}\n" + text, Path.of("."), Map.of());
    }

    static Detector of(Configuration configuration) {
        return of(configuration.model().spec().build(), configuration.learning());
    }

    private static <P extends Parameters> LearnedDetector<P> of(Model<P> model, Learning learning) {
        return new LearnedDetector<>(model, learning);
    }

    @Override
    public double score(long time, double[] values) {
        record.clear();
        record.add(values);
        Posterior posterior = learner.score(record, 0);
        learner.learn(record, 0, posterior);
        return posterior == null ? Double.NaN : -posterior.logLikelihood();
    }
}

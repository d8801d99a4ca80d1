package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.topic.LdaParameters;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** States and published models of topics, vocabulary and candidates included, are read back to the last bit. */
class LdaCodecTest {

    private static final Learning LEARNING =
            ModelSpec.learning("lda").withWarmUp(30).withMiniBatch(10).withStarts(1);

    private static ModelSpec spec(int vocabularySize) {
        return new ModelSpec(
                "lda",
                3,
                List.of("message"),
                List.of(),
                Map.of("vocabularySize", Integer.toString(vocabularySize), "learnAlpha", "true"));
    }

    @SuppressWarnings("unchecked")
    private static Model<LdaParameters> model(ModelSpec spec) {
        return (Model<LdaParameters>) spec.build();
    }

    private static Observations documents(int count) {
        SplittableRandom random = new SplittableRandom(4);
        Observations documents = new Observations();
        for (int d = 0; d < count; d++) {
            double[] document = new double[2 * random.nextInt(8)];
            for (int j = 0; j < document.length; j += 2) {
                String word = "wört" + random.nextInt(5 + d / 4);
                document[j] = Observations.category(word);
                document[j + 1] = 1 + random.nextInt(3);
                documents.addCategories(Map.of(document[j], word));
            }
            documents.add(document);
        }
        return documents;
    }

    private static ModelState<LdaParameters> learn(
            Model<LdaParameters> model, Learning learning, ModelState<LdaParameters> from, Observations documents) {
        OnlineLearner<LdaParameters> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), from);
        for (int i = 0; i < documents.size(); i++) {
            learner.learn(documents, i, learner.score(documents, i));
        }
        learner.flush();
        return learner.state();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 500})
    void learningGoesOnFromADecodedStateAsIfNothingHadHappened(int vocabularySize) {
        Model<LdaParameters> model = model(spec(vocabularySize));
        Learning learning = LEARNING.withAveragingAfter(100);
        StateCodec<LdaParameters> codec = new StateCodec<>(spec(vocabularySize), model);
        Observations documents = documents(300);
        ModelState<LdaParameters> whole = learn(model, learning, null, documents);
        ModelState<LdaParameters> half = learn(model, learning, null, documents.slice(0, 150));
        ModelState<LdaParameters> again =
                learn(model, learning, codec.decode(codec.encode(half)), documents.slice(150, 300));

        assertThat(again.statistics()).isEqualTo(whole.statistics());
        assertThat(again.published().fields()).isEqualTo(whole.published().fields());
        assertThat(codec.encode(again)).isEqualTo(codec.encode(whole));
    }

    @Test
    void aWarmUpWithoutAWordIsReadBackToo() {
        ModelSpec spec = spec(10);
        Model<LdaParameters> model = model(spec);
        Observations empty = new Observations();
        for (int i = 0; i < 30; i++) {
            empty.add(new double[0]);
        }
        ModelState<LdaParameters> state = learn(model, LEARNING, null, empty);
        PublishedModel<LdaParameters> published = PublishedModel.of("m", spec, state);
        ModelJson<LdaParameters> json = new ModelJson<>(spec, model);
        StateCodec<LdaParameters> codec = new StateCodec<>(spec, model);

        assertThat(json.write(json.read(json.write(published)))).isEqualTo(json.write(published));
        assertThat(codec.encode(codec.decode(codec.encode(state)))).isEqualTo(codec.encode(state));
    }

    @Test
    void contributionsCarryNewWords() {
        Model<LdaParameters> model = model(spec(5));
        ModelState<LdaParameters> state = learn(model, LEARNING, null, documents(30));
        Observations later = documents(300).slice(250, 300);
        var statistics = model.newStatistics();
        model.eStep(state.parameters()).accumulate(later, statistics);
        ContributionCodec codec = new ContributionCodec(model.statisticsLength());
        var decoded =
                ((Contribution.Batch) codec.decode(codec.encode(new Contribution.Batch(1, statistics)))).statistics();
        OnlineEm<LdaParameters> engine = new OnlineEm<>(model, LEARNING);

        assertThat(decoded.sample().categories())
                .isNotEmpty()
                .isEqualTo(statistics.sample().categories());
        assertThat(engine.blend(state, decoded).parameters().fields())
                .isEqualTo(engine.blend(state, statistics).parameters().fields());
    }
}

package io.onlineem.app;

import io.onlineem.codec.ModelSummary;
import io.onlineem.http.Models;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.PosteriorJson;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.store.ModelView;
import io.onlineem.store.ModelsUnavailableException;
import io.onlineem.topology.ModelScorer;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Serves the models of a running topology over HTTP, and scores records with them. */
final class ViewedModels implements Models {

    private final ModelView<?> view;
    private final ModelScorer<?, byte[]> scorer;
    private final List<String> features;

    /** @param features names of the values of a record */
    ViewedModels(ModelView<?> view, ModelScorer<?, byte[]> scorer, List<String> features) {
        this.view = view;
        this.scorer = scorer;
        this.features = features;
    }

    @Override
    public List<Summary> list(int limit) {
        return orNotAvailable(() -> view.list(limit)).stream()
                .map(ViewedModels::summary)
                .toList();
    }

    private static Summary summary(ModelSummary model) {
        return new Summary(model.model(), model.version(), model.observations(), model.meanLogLikelihood());
    }

    @Override
    public Optional<byte[]> json(String id) {
        return orNotAvailable(() -> view.json(id));
    }

    @Override
    public Optional<byte[]> score(String id, byte[] body) {
        RecordList records = RecordList.of(body);
        try {
            return orNotAvailable(() -> scorer.score(id, records.values())).map(scored -> json(records, scored));
        } catch (ModelScorer.InvalidRecordException e) {
            Reason reason = e.invalid().reason();
            throw new RefusedException(
                    reason == Reason.NOT_JSON ? RefusedException.Kind.MALFORMED : RefusedException.Kind.INVALID,
                    reason.label(),
                    e.getMessage(),
                    records.array() ? OptionalInt.of(e.index()) : OptionalInt.empty());
        }
    }

    private byte[] json(RecordList records, List<ScoredRecord> scored) {
        PosteriorJson json = new PosteriorJson(true, features);
        if (!records.array()) {
            return json.write(scored.get(0));
        }
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.write('[');
        for (int i = 0; i < scored.size(); i++) {
            if (i > 0) {
                array.write(',');
            }
            array.writeBytes(json.write(scored.get(i)));
        }
        array.write(']');
        return array.toByteArray();
    }

    @Override
    public OptionalLong pausedSince(String id) {
        return orNotAvailable(() -> view.pausedSince(id));
    }

    private static <T> T orNotAvailable(Supplier<T> query) {
        try {
            return query.get();
        } catch (ModelsUnavailableException e) {
            throw new NotAvailableException(e.getMessage(), e);
        }
    }
}

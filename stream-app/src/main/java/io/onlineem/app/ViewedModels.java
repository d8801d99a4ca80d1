package io.onlineem.app;

import io.onlineem.codec.ModelSummary;
import io.onlineem.http.Models;
import io.onlineem.store.ModelView;
import io.onlineem.store.ModelsUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Serves the models of a running topology over HTTP. */
final class ViewedModels implements Models {

    private final ModelView<?> view;

    ViewedModels(ModelView<?> view) {
        this.view = view;
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

    private static <T> T orNotAvailable(Supplier<T> query) {
        try {
            return query.get();
        } catch (ModelsUnavailableException e) {
            throw new NotAvailableException(e.getMessage(), e);
        }
    }
}

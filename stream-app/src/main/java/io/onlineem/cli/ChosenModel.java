package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.FieldGroup;
import io.onlineem.config.InputField;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model that a command was told, but for the number of components where several are to be tried.
 *
 * @param type the type
 * @param components the numbers of components; 0 where it follows from the options
 * @param fields what makes an observation
 * @param options options of the type
 * @param weight the field that weighs a record
 */
record ChosenModel(
        String type,
        ComponentRange components,
        FieldOptions.Fields fields,
        Map<String, String> options,
        Optional<String> weight) {

    /** The model with a number of components. */
    ModelSpec spec(int count) {
        return ModelOptions.explain(() -> new ModelSpec(type, count, fields.features(), fields.factors(), options));
    }

    /** The model, if there is only one. */
    ModelSpec spec() {
        if (!components.isSingle()) {
            throw new UsageException("--components is " + components + "; expected one number");
        }
        return spec(components.from());
    }

    /** What is read of a record. */
    List<InputField> inputs() {
        return ModelOptions.explain(() -> {
            List<InputField> inputs = FieldGroup.inputs(spec(components.from()), fields.models());
            boolean missing = inputs.stream().anyMatch(InputField::mayBeMissing);
            if (missing && !spec(components.from()).build().acceptsMissing()) {
                throw new IllegalArgumentException("models of the type " + type
                        + " take no missing values; leave out --missing, and the transform difference");
            }
            return inputs;
        });
    }
}

package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Parameters;

/**
 * {@link PublishedModel}s as JSON: the value of the models topic.
 *
 * <table>
 * <caption>Layout, in this order</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>model</td><td>name of the model</td></tr>
 * <tr><td>version</td><td>version of the parameters; grows by one with every change</td></tr>
 * <tr><td>type</td><td>model type, such as "mixture"</td></tr>
 * <tr><td>family</td><td>observation family, such as "gaussian"</td></tr>
 * <tr><td>options</td><td>options of the family, an object of texts, such as {"covariance":"full"}</td></tr>
 * <tr><td>components</td><td>number of components K</td></tr>
 * <tr><td>features</td><td>names of the numbers in a record, in order</td></tr>
 * <tr><td>observations</td><td>observations counted</td></tr>
 * <tr><td>stepSize</td><td>step size of the newest observation</td></tr>
 * <tr><td>meanLogLikelihood</td><td>prequential mean log-likelihood per record, natural logarithm; null if not yet known
 * </td></tr>
 * <tr><td>parameters</td><td>what records are scored with; for a Gaussian mixture weights (K), means (K × d), covariances
 * (K × d × d), and center (d) and scale (d) of the coordinates in which statistics are kept</td></tr>
 * <tr><td>learningParameters</td><td>parameters of the next E-step; only where averaging makes them differ</td></tr>
 * <tr><td>events</td><td>what has happened to the model beside learning, oldest first; only where something has. For each
 * type, version and observations when it did, and meanLogLikelihoodBefore and meanLogLikelihoodAfter, the likelihood per
 * record that told of it. Type "drift": the likelihood fell and the step was raised. Type "restart": a dead component was
 * placed where the fit was worst; components: it, and the one it took records from. Type "mergeAndSplit": components: a
 * pair that described one cluster, of which the second was placed elsewhere, and the one it took records from</td></tr>
 * </table>
 *
 * <p>Numbers read back to the same bits. Reading ignores other names. Immutable; thread-safe.
 *
 * @param <P> the parameters
 */
public final class ModelJson<P extends Parameters> {

    private static final String WHAT = "published model";

    private final ModelSpec spec;
    private final Model<P> model;

    /**
     * Reads and writes one model.
     *
     * @param spec what the model is
     * @param model the model that it describes
     */
    public ModelJson(ModelSpec spec, Model<P> model) {
        this.spec = spec;
        this.model = model;
    }

    /**
     * The JSON of a model, in UTF-8.
     *
     * @throws CodecException if a parameter is {@code NaN} or infinite, or the model is another one
     */
    public byte[] write(PublishedModel<P> published) {
        requireSpec(published.model(), published.spec());
        return Json.writeObject(generator -> {
            generator.writeStringProperty(ModelDocument.MODEL, published.model());
            generator.writeNumberProperty(ModelDocument.VERSION, published.version());
            ModelDocument.writeSpec(generator, published.spec());
            generator.writeNumberProperty(ModelDocument.OBSERVATIONS, published.observations());
            Json.writeFiniteOrNull(generator, ModelDocument.STEP_SIZE, published.stepSize());
            Json.writeFiniteOrNull(generator, ModelDocument.MEAN_LOG_LIKELIHOOD, published.meanLogLikelihood());
            generator.writeName(ModelDocument.PARAMETERS);
            FieldsJson.write(generator, published.parameters().fields());
            if (published.learning() != published.parameters()) {
                generator.writeName(ModelDocument.LEARNING_PARAMETERS);
                FieldsJson.write(generator, published.learning().fields());
            }
            ModelDocument.writeEvents(generator, published.events());
        });
    }

    /**
     * The model.
     *
     * @throws CodecException if the JSON is malformed, lacks something, or is another model
     */
    public PublishedModel<P> read(byte[] json) {
        ModelDocument document = ModelDocument.read(json, WHAT);
        ModelSpec found = document.spec().orElseThrow(() -> new CodecException(WHAT + ": 'type' is missing"));
        requireSpec(document.model(), found);
        P parameters = read(document.parameters());
        P learning = document.learningParameters().map(this::read).orElse(parameters);
        return new PublishedModel<>(
                document.model(),
                found,
                document.version(),
                document.observations(),
                document.stepSize(),
                document.meanLogLikelihood(),
                parameters,
                learning,
                document.events());
    }

    /**
     * The version alone, without reading what comes after it.
     *
     * @throws CodecException if the JSON is malformed up to there, or has no version
     */
    public static long version(byte[] json) {
        Long version =
                Json.readOnly(json, WHAT, ModelDocument.VERSION, parser -> Json.integer(parser, ModelDocument.VERSION));
        if (version == null) {
            throw new CodecException(WHAT + ": 'version' is missing");
        }
        return version;
    }

    /**
     * The summary alone: the parameters are skipped.
     *
     * @throws CodecException if the JSON is malformed, or lacks something
     */
    public static ModelSummary summary(byte[] json) {
        ModelDocument document = ModelDocument.readWithoutParameters(json, WHAT);
        return new ModelSummary(
                document.model(), document.version(), document.observations(), document.meanLogLikelihood());
    }

    private P read(Fields fields) {
        try {
            return model.read(fields);
        } catch (IllegalArgumentException e) {
            throw new CodecException(WHAT + ": " + e.getMessage(), e);
        }
    }

    private void requireSpec(String name, ModelSpec found) {
        if (!found.equals(spec)) {
            throw new CodecException("the published model '" + name + "' is a " + found.describe()
                    + "; the model here is a " + spec.describe()
                    + "; use another application id or model name, or reset the application and its models topic");
        }
    }
}

package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Parameters;
import io.onlineem.family.FamilySpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/**
 * The result of a fit as JSON, and start parameters from a file.
 *
 * <table>
 * <caption>Layout of a fit, in this order</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>type, family, options, components, features</td><td>what the model is, as in {@link ModelJson}</td></tr>
 * <tr><td>method</td><td>"batch" or "online"</td></tr>
 * <tr><td>seed</td><td>seed of the random starts</td></tr>
 * <tr><td>observations</td><td>number of records</td></tr>
 * <tr><td>weight</td><td>sum n of the weights of the records; only where it is another number</td></tr>
 * <tr><td>logLikelihood</td><td>total log-likelihood of the data, natural logarithm</td></tr>
 * <tr><td>meanLogLikelihood</td><td>the same per record</td></tr>
 * <tr><td>degreesOfFreedom</td><td>free parameters</td></tr>
 * <tr><td>aic, bic, icl</td><td>{@code 2 df - 2 log L}, {@code df log n - 2 log L}, and BIC plus twice the entropy of
 * the posteriors; lower is better</td></tr>
 * <tr><td>iterations</td><td>M-steps made</td></tr>
 * <tr><td>converged</td><td>whether the tolerance was reached; false for the method "online", which has none</td></tr>
 * <tr><td>degenerate</td><td>whether a component has collapsed onto a few records: the likelihood then says nothing
 * </td></tr>
 * <tr><td>criterion, selection</td><td>only where the number of components was chosen: by what, and an object for each
 * number tried, with components, logLikelihood, degreesOfFreedom, bic, aic, icl, converged and degenerate</td></tr>
 * <tr><td>parameters</td><td>as in {@link ModelJson}</td></tr>
 * </table>
 *
 * <p>A number that is not finite is null. Stateless; thread-safe.
 */
public final class FitJson {

    private static final String WHAT = "start parameters";
    private static final String LOG_LIKELIHOOD = "logLikelihood";
    private static final String DEGREES_OF_FREEDOM = "degreesOfFreedom";

    private FitJson() {}

    /**
     * The JSON of a fit, in UTF-8, on one line.
     *
     * @throws CodecException if a parameter is {@code NaN} or infinite
     */
    public static byte[] write(FitResult<?> result) {
        return write(result, "", List.of());
    }

    /**
     * The JSON of a fit that was chosen among several.
     *
     * @param criterion what it was chosen by: "bic", "aic" or "icl"
     * @param tried all fits, the chosen one among them
     * @throws CodecException if a parameter is {@code NaN} or infinite
     */
    public static byte[] write(FitResult<?> result, String criterion, List<? extends FitResult<?>> tried) {
        return Json.writeObject(generator -> {
            ModelDocument.writeSpec(generator, result.spec());
            generator.writeStringProperty("method", result.method());
            generator.writeNumberProperty("seed", result.seed());
            generator.writeNumberProperty(
                    ModelDocument.OBSERVATIONS, result.fit().observations());
            if (result.fit().weight() != result.fit().observations()) {
                generator.writeNumberProperty("weight", result.fit().weight());
            }
            Json.writeFiniteOrNull(generator, LOG_LIKELIHOOD, result.fit().logLikelihood());
            Json.writeFiniteOrNull(generator, ModelDocument.MEAN_LOG_LIKELIHOOD, result.meanLogLikelihood());
            generator.writeNumberProperty(DEGREES_OF_FREEDOM, result.degreesOfFreedom());
            Json.writeFiniteOrNull(generator, "aic", result.aic());
            Json.writeFiniteOrNull(generator, "bic", result.bic());
            Json.writeFiniteOrNull(generator, "icl", result.icl());
            generator.writeNumberProperty("iterations", result.fit().iterations());
            writeOutcome(generator, result);
            if (!tried.isEmpty()) {
                generator.writeStringProperty("criterion", criterion);
                generator.writeArrayPropertyStart("selection");
                tried.forEach(each -> writeTried(generator, each));
                generator.writeEndArray();
            }
            generator.writeName(ModelDocument.PARAMETERS);
            FieldsJson.write(generator, result.fit().parameters().fields());
        });
    }

    private static void writeTried(JsonGenerator generator, FitResult<?> result) {
        generator.writeStartObject();
        generator.writeNumberProperty(ModelDocument.COMPONENTS, result.spec().components());
        Json.writeFiniteOrNull(generator, LOG_LIKELIHOOD, result.fit().logLikelihood());
        generator.writeNumberProperty(DEGREES_OF_FREEDOM, result.degreesOfFreedom());
        Json.writeFiniteOrNull(generator, "bic", result.bic());
        Json.writeFiniteOrNull(generator, "aic", result.aic());
        Json.writeFiniteOrNull(generator, "icl", result.icl());
        writeOutcome(generator, result);
        generator.writeEndObject();
    }

    private static void writeOutcome(JsonGenerator generator, FitResult<?> result) {
        generator.writeBooleanProperty("converged", result.fit().converged());
        generator.writeBooleanProperty("degenerate", result.fit().degenerate());
    }

    /**
     * Start parameters, from the output of {@code fit}, from a record of the models topic, or from an object that holds
     * nothing but parameters.
     *
     * @throws CodecException if the JSON is malformed or its parameters do not fit the model; says which and what was
     *     expected
     */
    public static <P extends Parameters> P readStart(byte[] json, Model<P> model) {
        Fields fields = hasParameters(json)
                ? ModelDocument.read(json, WHAT).parameters()
                : Json.readObject(json, WHAT, FieldsJson::read);
        try {
            return model.read(fields);
        } catch (IllegalArgumentException e) {
            throw new CodecException(WHAT + ": " + e.getMessage(), e);
        }
    }

    /**
     * Start parameters for a model that is described elsewhere. A start that says what it is must agree in type, family and
     * features, whose order nothing else would reveal; its options may differ as long as its parameters fit.
     *
     * @throws CodecException as above, or if the two disagree
     */
    public static <P extends Parameters> P readStart(byte[] json, ModelSpec spec, Model<P> model) {
        readSpec(json).ifPresent(start -> {
            requireSame(ModelDocument.TYPE, start.type(), spec.type());
            requireSame(ModelDocument.FAMILY, families(start), families(spec));
            requireSame(ModelDocument.FEATURES, start.features(), spec.features());
            requireSame(ModelDocument.COMPONENTS, start.components(), spec.components());
        });
        return readStart(json, model);
    }

    /**
     * What the model of a fit or of a record of the models topic is; empty for parameters alone.
     *
     * @throws CodecException if the JSON is malformed or says it in part only
     */
    public static Optional<ModelSpec> readSpec(byte[] json) {
        return hasParameters(json) ? ModelDocument.read(json, WHAT).spec() : Optional.empty();
    }

    private static boolean hasParameters(byte[] json) {
        Boolean isObject = Json.readOnly(
                json, WHAT, ModelDocument.PARAMETERS, parser -> parser.currentToken() == JsonToken.START_OBJECT);
        return isObject != null && isObject;
    }

    private static String families(ModelSpec spec) {
        return spec.factors().stream().map(FamilySpec::family).collect(Collectors.joining(" times "));
    }

    private static void requireSame(String name, Object start, Object expected) {
        if (!start.equals(expected)) {
            throw new CodecException(WHAT + ": '" + name + "' is " + start + "; the model here has " + expected
                    + "; give a start for the same model, or leave it out to start from the first records");
        }
    }
}

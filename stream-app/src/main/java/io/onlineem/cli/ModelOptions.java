package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.em.Learning;
import io.onlineem.family.FamilySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which model: of a configuration, of options, of a start that says what it is, or of all three, options first. */
final class ModelOptions {

    private static final String TYPE = "mixture";
    private static final String FAMILY = "gaussian";
    private static final int MAX_BYTES = 1 << 20;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "CONFIG",
            description = "A configuration file that describes the model. Options given here come before it.")
    private Path config;

    @Option(names = "--type", paramLabel = "TYPE", description = "The kind of model. Default: mixture.")
    private String type;

    @Option(names = "--family", paramLabel = "FAMILY", description = "Distribution of a component. Default: gaussian.")
    private String family;

    @Option(
            names = {"-k", "--components"},
            paramLabel = "K",
            description = "The number of components.")
    private Integer components;

    @Option(
            names = "--covariance",
            paramLabel = "SHAPE",
            description = "Family gaussian: full, tied, diagonal or spherical. Default: full.")
    private String covariance;

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "Another option of the type or the family, such as covarianceFloor=1e-6. Can be repeated.")
    private Map<String, String> options = new TreeMap<>();

    @Option(
            names = "--features",
            paramLabel = "NAME",
            split = ",",
            description =
                    "The columns or JSON fields that make a record, in order, separated by commas. Default: all columns"
                            + " of a CSV file with a number in the first record.")
    private List<String> features;

    @Option(
            names = "--start",
            paramLabel = "JSON",
            description =
                    "A file with parameters to start from: the output of fit, a record of the models topic, or bare"
                            + " parameters. What the first two say of the model need not be given again.")
    private Path start;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description = "Random starts, of which the best is kept. Default: 8.")
    private Integer restarts;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "The same seed and records give the same result. Default: 1.")
    private Long seed;

    /** What all sources together say; {@link #features} may still be null. */
    record Choice(Optional<Configuration> configuration, Optional<byte[]> start, Optional<ModelSpec> base) {

        private <T> T firstOf(T option, Function<ModelSpec, T> ofBase, T otherwise) {
            return option != null ? option : base.map(ofBase).orElse(otherwise);
        }
    }

    /** Reads the configuration and the start, if given. */
    Choice choice() {
        Optional<Configuration> configuration =
                Optional.ofNullable(config).map(file -> ConfigurationReader.read(file, System.getenv()));
        Optional<byte[]> json = Optional.ofNullable(start)
                .map(ModelOptions::readStart)
                .or(() -> configuration.flatMap(given -> given.model().start()));
        Optional<ModelSpec> base = configuration
                .map(given -> given.model().spec())
                .or(() -> json.flatMap(bytes -> explain(() -> FitJson.readSpec(bytes))));
        return new Choice(configuration, json, base);
    }

    private static byte[] readStart(Path file) {
        try {
            if (!Files.exists(file)) {
                throw new UsageException("--start: there is no file " + file);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e, e);
        }
    }

    private interface Attempt<T> {
        T get();
    }

    /** What is not a valid model or start is wrong usage. */
    private static <T> T explain(Attempt<T> attempt) {
        try {
            return attempt.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** What makes an observation, or null if nothing says so. */
    List<String> features(Choice choice) {
        return choice.firstOf(features, ModelSpec::features, null);
    }

    /** Largest JSON object that is valid, in bytes. */
    int maxBytes(Choice choice) {
        return choice.configuration().map(given -> given.input().maxBytes()).orElse(MAX_BYTES);
    }

    /** The model, of these features. */
    ModelSpec spec(Choice choice, List<String> chosenFeatures) {
        String chosenType = choice.firstOf(type, ModelSpec::type, TYPE);
        return explain(() -> {
            Optional<ModelSpec> base =
                    choice.base().filter(given -> given.type().equals(chosenType));
            Map<String, String> ofType =
                    new TreeMap<>(base.map(ModelSpec::chosenOptions).orElse(Map.of()));
            Map<String, String> others = new TreeMap<>(options);
            ModelSpec.options(chosenType).forEach(option -> {
                String value = others.remove(option);
                if (value != null) {
                    ofType.put(option, value);
                }
            });
            int count = components(choice, chosenType);
            ModelSpec spec = ModelSpec.hasFamilies(chosenType)
                    ? new ModelSpec(chosenType, count, chosenFeatures, families(choice, chosenFeatures, others), ofType)
                    : withoutFamily(chosenType, count, chosenFeatures, others, ofType);
            choice.start().ifPresent(json -> FitJson.readStart(json, spec, spec.build()));
            return spec;
        });
    }

    private int components(Choice choice, String chosenType) {
        if (!ModelSpec.hasComponents(chosenType)) {
            return components == null ? 0 : components;
        }
        Integer count = choice.firstOf(components, ModelSpec::components, null);
        if (count == null) {
            throw new UsageException("the number of components is missing; give --components, or -c");
        }
        return count;
    }

    private ModelSpec withoutFamily(
            String chosenType,
            int count,
            List<String> chosenFeatures,
            Map<String, String> others,
            Map<String, String> ofType) {
        if (family != null || covariance != null) {
            throw new UsageException((family != null ? "--family" : "--covariance")
                    + " has no use for models of the type " + chosenType + "; leave it out");
        }
        Map<String, String> all = new TreeMap<>(ofType);
        all.putAll(others);
        return new ModelSpec(chosenType, count, chosenFeatures, List.of(), all);
    }

    private List<FamilySpec> families(Choice choice, List<String> chosenFeatures, Map<String, String> others) {
        String chosenFamily = choice.base()
                .filter(base -> family == null && !base.factors().isEmpty())
                .map(ModelSpec::family)
                .orElse(family == null ? FAMILY : family);
        Map<String, String> chosen = new TreeMap<>(choice.base()
                .filter(base -> base.family().equals(chosenFamily))
                .map(base -> base.factors().get(0).options())
                .orElse(Map.of()));
        chosen.putAll(others);
        if (covariance != null) {
            chosen.put("covariance", covariance);
        }
        return List.of(new FamilySpec(chosenFamily, chosenFeatures, chosen));
    }

    /** The learning of the configuration, or the default, with restarts and seed as given. */
    Learning learning(Choice choice) {
        Learning learning = choice.configuration().map(Configuration::learning).orElse(Learning.DEFAULTS);
        return explain(() -> {
            Learning changed = restarts == null ? learning : learning.withStarts(restarts);
            return seed == null ? changed : changed.withSeed(seed);
        });
    }

    /** Whether the number of random starts is given, which parameters to start from leave without use. */
    boolean hasRestarts() {
        return restarts != null;
    }
}

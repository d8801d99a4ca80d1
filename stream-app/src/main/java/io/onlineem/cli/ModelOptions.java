package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.config.InputField;
import io.onlineem.em.Learning;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which model: of a configuration, of options, of a start that says what it is, or of all three, options first. */
final class ModelOptions {

    private static final String TYPE = "mixture";
    private static final int MAX_BYTES = 1 << 20;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "CONFIG",
            description = "A configuration file that describes the model. Options given here come before it.")
    private Path config;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "The kind of model. Default: mixture. Others: hmm, linear-gaussian, incomplete-multinomial.")
    private String type;

    @Option(
            names = {"-k", "--components", "--states", "--topics"},
            paramLabel = "K",
            converter = ComponentRange.Converter.class,
            description = "The number of components; 'fit' takes a range such as 1..8 too, see --criterion.")
    private ComponentRange components;

    @Option(
            names = "--family",
            paramLabel = "FAMILY",
            description = "Distribution of a component. Default: gaussian. docs/families.md describes all of them.")
    private String family;

    @Option(
            names = "--covariance",
            paramLabel = "SHAPE",
            description = "Family gaussian: full, tied, diagonal or spherical. Default: full.")
    private String covariance;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "Type linear-gaussian: local-level, local-linear-trend, random-walk, damped-oscillation (with --option"
                            + " period=24), constant-velocity, or general (with --option transition='1 1; 0 1' --option"
                            + " observation='1 0'). Default: local-level. docs/statespace.md describes all of them.")
    private String preset;

    @Option(
            names = "--initial",
            paramLabel = "KIND",
            description =
                    "The distribution of the state in which a sequence begins. Type hmm: free (learned), stationary, fixed (as"
                            + " in the parameters to start from), or one probability for each state, such as 0.5,0.5;"
                            + " default: free. Type linear-gaussian: diffuse, stationary, learned or fixed; default: as"
                            + " the preset has it.")
    private String initial;

    @Option(
            names = "--transitions",
            paramLabel = "STRUCTURE",
            description =
                    "Type hmm: the transitions that there are: full, left-to-right, or for each state a row of ones and zeros,"
                            + " such as '110;011;101'. Default: full.")
    private String transitions;

    @Option(
            names = "--vocabulary",
            paramLabel = "FILE",
            description =
                    "Type lda: a file with one word on each line. Default: the words of the records, the heaviest.")
    private Path vocabulary;

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
                            + " of a CSV file whose first value suits the family, such as a number.")
    private List<String> features;

    @Option(
            names = "--field",
            paramLabel = "NAME=FAMILY[,OPTION=VALUE]",
            description = "A field with a family of its own, such as hour=von-mises,period=24 or y=linear-regression,"
                    + "covariates=x1,x2. Can be repeated: fields of different families are independent given the"
                    + " component.")
    private List<String> fields = new ArrayList<>();

    @Option(
            names = "--transform",
            paramLabel = "NAME=KIND",
            description =
                    "log1p, sqrt or difference (from the previous record, of the same --key if one is given). Can be"
                            + " repeated.")
    private Map<String, String> transforms = new TreeMap<>();

    @Option(
            names = "--missing",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Fields that may be absent or null, in CSV empty, NA or NaN, separated by commas, or 'all'. Default:"
                            + " such records are not valid.")
    private List<String> missing = new ArrayList<>();

    @Option(
            names = "--weight",
            paramLabel = "NAME",
            description = "The field that weighs a record: one of weight 3 counts as three.")
    private String weight;

    @Option(
            names = "--prior-strength",
            paramLabel = "N",
            description =
                    "Fit as if N more records of every component had been seen, which look like all together. Default:"
                            + " maximum likelihood.")
    private Double priorStrength;

    @Option(
            names = "--weight-prior",
            paramLabel = "N",
            description =
                    "Fit the weights as if N more records, of all components alike, had been seen. Default: maximum"
                            + " likelihood.")
    private Double weightPrior;

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

    /** What all sources together say. */
    record Choice(Optional<Configuration> configuration, Optional<byte[]> start, Optional<ModelSpec> base) {

        /**
         * The field that names the sequence of a record, or null.
         *
         * @param key the field that holds the record key, or null
         */
        String sequenceField(String key) {
            return configuration.flatMap(given -> given.sequences().field()).orElse(key);
        }
    }

    /** Reads the configuration and the start, if given. */
    Choice choice(DataOptions data) {
        Optional<Configuration> configuration = Optional.ofNullable(config)
                .map(file -> ConfigurationReader.readForRecords(file, System.getenv(), data::numericColumns));
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

    /** What is not a valid model or start is wrong usage. */
    static <T> T explain(Supplier<T> attempt) {
        try {
            return attempt.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** Largest JSON object that is valid, in bytes. */
    int maxBytes(Choice choice) {
        return choice.configuration().map(given -> given.input().maxBytes()).orElse(MAX_BYTES);
    }

    /**
     * The model, and what it reads of the records of a file.
     *
     * @param key the field that holds the record key, or null
     * @param err where the columns that were chosen are told
     */
    ChosenModel model(Choice choice, RecordSource source, String key, PrintWriter err) throws IOException {
        String chosenType =
                type != null ? type : choice.base().map(ModelSpec::type).orElse(TYPE);
        Optional<ModelSpec> base = choice.base().filter(given -> given.type().equals(chosenType));
        boolean hasFamilies = explain(() -> ModelSpec.hasFamilies(chosenType));
        boolean documents = ModelSpec.readsDocuments(chosenType);
        refuseUseless(chosenType, hasFamilies);
        Map<String, String> ofType =
                new TreeMap<>(base.map(ModelSpec::chosenOptions).orElse(Map.of()));
        Map<String, String> ofFamilies = new TreeMap<>();
        options.forEach((name, value) ->
                (ModelSpec.options(chosenType).contains(name) || !hasFamilies ? ofType : ofFamilies).put(name, value));
        if (covariance != null) {
            ofFamilies.put("covariance", covariance);
        }
        if (preset != null) {
            ofType.put("preset", preset);
        }
        if (initial != null) {
            ofType.put("initial", initial);
        }
        if (transitions != null) {
            ofType.put("transitions", transitions);
        }
        if (weightPrior != null) {
            ofType.put("weightStrength", Double.toString(weightPrior));
        }
        if (priorStrength != null && !hasFamilies) {
            ofType.put("priorStrength", Double.toString(priorStrength));
        }
        Optional<String> chosenWeight = Optional.ofNullable(weight)
                .or(() -> choice.configuration().flatMap(given -> given.input().weight()));
        List<InputField> inputs =
                choice.configuration().map(given -> given.input().fields()).orElse(List.of());
        FieldOptions fieldOptions = new FieldOptions(
                new FieldOptions.Given(
                        hasFamilies,
                        documents,
                        family,
                        ofFamilies,
                        documents && !fields.isEmpty() ? documentFields() : features,
                        documents ? List.of() : fields,
                        transforms,
                        missing,
                        priorStrength),
                base,
                inputs);
        List<String> others = new ArrayList<>();
        chosenWeight.ifPresent(others::add);
        if (key != null) {
            others.add(key);
        }
        FieldOptions.Fields chosen = explain(() -> fieldOptions.choose(source, others, err));
        chosenWeight.filter(chosen::reads).ifPresent(name -> {
            throw new UsageException("--weight is '" + name + "', which is a field of the observation too; expected a"
                    + " field that only weighs it");
        });
        if (vocabulary != null) {
            refuse("--vocabulary", !documents, chosenType);
            ofType.put("vocabulary", words(vocabulary));
        }
        return new ChosenModel(chosenType, components(base, chosenType), chosen, ofType, chosenWeight);
    }

    /** Fields that hold documents have no family to name. */
    private List<String> documentFields() {
        fields.stream().filter(field -> field.contains("=")).findFirst().ifPresent(field -> {
            throw new UsageException(
                    "--field is '" + field + "'; expected the name of a field alone, since documents have no family");
        });
        if (features != null) {
            throw new UsageException("--features and --field are both given; expected one of them");
        }
        return fields;
    }

    private void refuseUseless(String chosenType, boolean hasFamilies) {
        Set<String> ofType = ModelSpec.options(chosenType);
        if (!hasFamilies) {
            refuse("--family", family != null, chosenType);
            refuse("--covariance", covariance != null, chosenType);
            refuse("--field", !fields.isEmpty() && !ModelSpec.readsDocuments(chosenType), chosenType);
            refuse("--prior-strength", priorStrength != null && !ofType.contains("priorStrength"), chosenType);
        }
        refuse("--initial", initial != null && !ofType.contains("initial"), chosenType);
        refuse("--transitions", transitions != null && !ofType.contains("transitions"), chosenType);
        refuse("--weight-prior", weightPrior != null && !ofType.contains("weightStrength"), chosenType);
        if (priorStrength != null && !(priorStrength > 0)) {
            throw new UsageException("--prior-strength is " + priorStrength
                    + "; expected a number of records above 0, or the option left out for maximum likelihood");
        }
    }

    private static void refuse(String option, boolean given, String chosenType) {
        if (given) {
            throw new UsageException(option + " has no use for models of the type " + chosenType + "; leave it out");
        }
    }

    private ComponentRange components(Optional<ModelSpec> base, String chosenType) {
        if (components != null) {
            return components;
        }
        if (!ModelSpec.hasComponents(chosenType)) {
            return new ComponentRange(0, 0);
        }
        return base.map(given -> new ComponentRange(given.components(), given.components()))
                .orElseThrow(() -> new UsageException("the number of components is missing; give --components, or -c"));
    }

    private static String words(Path file) {
        try {
            return String.join(",", Files.readString(file).split("\\s+"));
        } catch (IOException e) {
            throw new UsageException("--vocabulary: " + file + " cannot be read: " + e, e);
        }
    }

    /** The learning of the configuration, or the default of the type, with restarts and seed as given. */
    Learning learning(Choice choice) {
        String chosenType =
                type != null ? type : choice.base().map(ModelSpec::type).orElse(TYPE);
        Learning learning = choice.configuration()
                .map(Configuration::learning)
                .orElseGet(() -> explain(() -> {
                    ModelSpec.hasFamilies(chosenType);
                    return ModelSpec.learning(chosenType);
                }));
        return explain(() -> {
            Learning changed = restarts == null ? learning : learning.withStarts(restarts);
            return seed == null ? changed : changed.withSeed(seed);
        });
    }

    /** Refuses options that say how to learn, for a command that learns nothing. */
    void refuseLearning() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("--restarts", restarts);
        given.put("--seed", seed);
        given.put("--prior-strength", priorStrength);
        given.put("--weight-prior", weightPrior);
        given.forEach((option, value) -> {
            if (value != null) {
                throw new UsageException(option + " has no use where nothing is learned; leave it out");
            }
        });
    }

    /** Whether the number of random starts is given, which parameters to start from leave without use. */
    boolean hasRestarts() {
        return restarts != null;
    }
}

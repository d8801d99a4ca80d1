package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.FieldGroup;
import io.onlineem.config.FieldModel;
import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.family.Families;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which fields make an observation, and how each is modelled: what is given, else what a configuration or a start says. */
final class FieldOptions {

    private static final String FAMILY = "gaussian";
    private static final String ALL = "all";

    private final Given given;
    private final Optional<ModelSpec> base;
    private final Map<String, InputField> inputs = new LinkedHashMap<>();

    /** What options say; null and empty where they do not. */
    record Given(
            boolean hasFamilies,
            boolean documents,
            String family,
            Map<String, String> options,
            List<String> features,
            List<String> fields,
            Map<String, String> transforms,
            List<String> missing,
            Double priorStrength) {

        private boolean changesFactors() {
            return family != null
                    || !options.isEmpty()
                    || features != null
                    || !fields.isEmpty()
                    || !transforms.isEmpty()
                    || priorStrength != null;
        }
    }

    /**
     * What makes an observation.
     *
     * @param models the fields, but those that others name, such as an exposure
     * @param factors the families of all of them
     * @param features the names of all numbers, in order
     */
    record Fields(List<FieldModel> models, List<FamilySpec> factors, List<String> features) {

        /** Whether a field makes part of an observation. */
        boolean reads(String path) {
            return features.contains(path)
                    || models.stream().anyMatch(model -> model.path().equals(path));
        }
    }

    /**
     * Options, and what they are given on top of.
     *
     * @param base the model of a configuration or a start
     * @param inputs the fields of the configuration
     */
    FieldOptions(Given given, Optional<ModelSpec> base, List<InputField> inputs) {
        this.given = given;
        this.base = base;
        inputs.forEach(input -> this.inputs.put(input.feature(), input));
    }

    /**
     * The fields.
     *
     * @param others fields that make no part of an observation unless they are named
     * @param err where the columns that were chosen are told
     * @throws IllegalArgumentException if an option is not valid
     */
    Fields choose(RecordSource source, List<String> others, PrintWriter err) {
        Map<String, FieldModel> own = new LinkedHashMap<>();
        given.fields().forEach(text -> {
            FieldModel field = parse(text);
            if (own.put(field.path(), field) != null) {
                throw new UsageException("--field names '" + field.path() + "' twice; expected each field once");
            }
        });
        Map<String, FieldModel> fields = new LinkedHashMap<>();
        for (FieldModel field : withoutOwn(source, own, others, err)) {
            if (fields.put(field.path(), field) != null) {
                throw new UsageException("--features names '" + field.path() + "' twice; expected each field once");
            }
        }
        fields.putAll(own);
        if (given.hasFamilies()) {
            applyOptions(fields, own.keySet());
        }
        List<FieldModel> models = new ArrayList<>();
        requireKnown("--transform", given.transforms().keySet(), fields);
        requireKnown(
                "--missing",
                given.missing().stream().filter(name -> !name.equals(ALL)).toList(),
                fields);
        fields.values().forEach(field -> models.add(applied(field)));
        if (!given.hasFamilies()) {
            return new Fields(
                    models, List.of(), models.stream().map(FieldModel::feature).toList());
        }
        boolean asBefore = base.isPresent() && !given.changesFactors();
        List<FamilySpec> factors = asBefore
                ? base.get().factors()
                : FieldGroup.of(models).stream().map(FieldGroup::spec).toList();
        return new Fields(
                models,
                factors,
                factors.stream().flatMap(factor -> factor.features().stream()).toList());
    }

    /** The fields that have no option of their own. */
    private List<FieldModel> withoutOwn(
            RecordSource source, Map<String, FieldModel> own, List<String> others, PrintWriter err) {
        List<FieldModel> before = before(source);
        if (given.features() != null) {
            return given.features().stream()
                    .map(name -> before.stream()
                            .filter(field -> field.path().equals(name))
                            .findFirst()
                            .map(this::withFamily)
                            .orElseGet(() -> like(before, name)))
                    .toList();
        }
        if (!before.isEmpty()) {
            return before.stream().map(this::withFamily).toList();
        }
        if (!own.isEmpty()) {
            return List.of();
        }
        if (!(source instanceof CsvSource csv)) {
            throw new UsageException("nothing says which fields make an observation; give --features, or -c");
        }
        List<String> columns = columns(csv, others);
        err.println("features: " + String.join(",", columns));
        err.flush();
        return FieldModel.of(columns, family(), Map.of());
    }

    /** The fields of the configuration or the start. */
    private List<FieldModel> before(RecordSource source) {
        List<FieldModel> before = new ArrayList<>();
        base.ifPresent(spec -> {
            for (FamilySpec factor : spec.factors()) {
                Set<String> companions = FieldGroup.companions(factor.options());
                for (String feature : factor.features()) {
                    // one with a transform is known by its field only
                    boolean transformed =
                            inputs.containsKey(feature) && inputs.get(feature).transform() != Transform.NONE;
                    if (!companions.contains(feature) || transformed) {
                        before.add(before(source, feature, factor.family(), factor.options(), factor.prior()));
                    }
                }
            }
            if (spec.factors().isEmpty()) {
                spec.features().forEach(feature -> before.add(before(source, feature, "", Map.of(), Optional.empty())));
            }
        });
        return before;
    }

    private static boolean isColumn(RecordSource source, String name) {
        return source instanceof CsvSource csv && csv.columns().contains(name);
    }

    private FieldModel before(
            RecordSource source, String feature, String family, Map<String, String> options, Optional<Prior> prior) {
        InputField input = inputs.get(feature);
        if (input != null) {
            return new FieldModel(input.path(), family, options, prior, input.missingAllowed(), input.transform());
        }
        for (Transform transform : Transform.values()) {
            String prefix = transform.label() + "(";
            if (feature.startsWith(prefix) && feature.endsWith(")") && !isColumn(source, feature)) {
                String path = feature.substring(prefix.length(), feature.length() - 1);
                return new FieldModel(path, family, options, prior, false, transform);
            }
        }
        return new FieldModel(feature, family, options, prior, false, Transform.NONE);
    }

    private String family() {
        return !given.hasFamilies() ? "" : given.family() != null ? given.family() : FAMILY;
    }

    private FieldModel withFamily(FieldModel field) {
        return given.family() == null || given.family().equals(field.family())
                ? field
                : new FieldModel(
                        field.path(),
                        given.family(),
                        Map.of(),
                        field.prior().filter(prior -> prior.location() == null),
                        field.missingAllowed(),
                        field.transform());
    }

    /** A field that is not among those before: modelled as they are, if they are all alike. */
    private FieldModel like(List<FieldModel> before, String name) {
        boolean alike = before.stream()
                        .map(field -> List.of(field.family(), field.options(), field.prior()))
                        .distinct()
                        .count()
                == 1;
        if (!alike) {
            return new FieldModel(name, family(), Map.of());
        }
        FieldModel one = withFamily(before.get(0));
        return new FieldModel(name, one.family(), one.options(), one.prior(), false, Transform.NONE);
    }

    private List<String> columns(CsvSource csv, List<String> others) {
        Set<String> excluded = new HashSet<>(others);
        excluded.addAll(FieldGroup.companions(given.options()));
        Domain domain = domain();
        List<String> columns = new ArrayList<>(columns(csv, domain));
        columns.removeAll(excluded);
        if (columns.isEmpty() && !given.hasFamilies()) {
            domain = Domain.CATEGORY;
            columns.addAll(columns(csv, domain));
            columns.removeAll(excluded);
        }
        if (columns.isEmpty()) {
            throw new UsageException("there is no column with " + kind(domain)
                    + " in the first record; the columns are " + csv.columns()
                    + "; name those that make an observation with --features");
        }
        return columns;
    }

    private List<String> columns(CsvSource csv, Domain domain) {
        try {
            return csv.columns(domain, this::isMissingAllowed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kind(Domain domain) {
        return switch (domain) {
            case CATEGORY, WORDS -> "a text";
            case FLAG -> "true or false, or a number,";
            default -> "a number";
        };
    }

    /** What the family takes, as far as that can be said without its fields. */
    private Domain domain() {
        if (!given.hasFamilies()) {
            return given.documents() ? Domain.WORDS : Domain.REAL;
        }
        try {
            FieldModel any = new FieldModel("any", family(), given.options());
            return new FieldGroup(List.of(any)).spec().build().domains().get(0);
        } catch (IllegalArgumentException e) {
            // what is wrong is told when the fields are known
            return Domain.REAL;
        }
    }

    private boolean isMissingAllowed(String path) {
        return given.missing().contains(ALL) || given.missing().contains(path);
    }

    private static void requireKnown(String option, Iterable<String> names, Map<String, FieldModel> fields) {
        for (String name : names) {
            if (!fields.containsKey(name)) {
                throw new UsageException(
                        option + " names '" + name + "'; expected one of " + String.join(", ", fields.keySet()));
            }
        }
    }

    /** NAME=FAMILY, then options; a part without = goes on with the value before it. */
    private static FieldModel parse(String text) {
        String[] parts = text.split(",", -1);
        int equals = parts[0].indexOf('=');
        if (equals < 1 || equals == parts[0].length() - 1) {
            throw new UsageException("--field is '" + text + "'; expected NAME=FAMILY[,OPTION=VALUE...], such as"
                    + " hour=von-mises,period=24");
        }
        Map<String, String> options = new LinkedHashMap<>();
        String last = null;
        for (int i = 1; i < parts.length; i++) {
            int at = parts[i].indexOf('=');
            if (at < 0 && last == null) {
                throw new UsageException(
                        "--field is '" + text + "'; expected OPTION=VALUE in place of '" + parts[i] + "'");
            }
            if (at < 0) {
                options.merge(last, parts[i], (before, more) -> before + "," + more);
            } else {
                last = parts[i].substring(0, at);
                options.put(last, parts[i].substring(at + 1));
            }
        }
        return new FieldModel(parts[0].substring(0, equals), parts[0].substring(equals + 1), options);
    }

    /** Gives every field the options that its family knows; where none does, the first family says so. */
    private void applyOptions(Map<String, FieldModel> fields, Set<String> own) {
        given.options().forEach((option, value) -> {
            boolean known = false;
            for (FieldModel field : List.copyOf(fields.values())) {
                boolean takes = Families.options(field.family()).contains(option);
                known |= takes;
                if (takes && !(own.contains(field.path()) && field.options().containsKey(option))) {
                    fields.put(field.path(), with(field, option, value));
                }
            }
            if (!known) {
                FieldModel first = fields.values().iterator().next();
                fields.put(first.path(), with(first, option, value));
            }
        });
    }

    private static FieldModel with(FieldModel field, String option, String value) {
        Map<String, String> options = new TreeMap<>(field.options());
        options.put(option, value);
        return new FieldModel(
                field.path(), field.family(), options, field.prior(), field.missingAllowed(), field.transform());
    }

    private FieldModel applied(FieldModel field) {
        String label = given.transforms().get(field.path());
        Transform transform = label == null
                ? field.transform()
                : Transform.of(label)
                        .orElseThrow(() -> new UsageException("--transform of '" + field.path() + "' is '" + label
                                + "'; expected one of none, log1p, sqrt, difference"));
        Optional<Prior> prior = given.priorStrength() == null
                ? field.prior()
                : Optional.of(new Prior(
                        given.priorStrength(),
                        field.prior().map(Prior::location).orElse(null)));
        return new FieldModel(
                field.path(),
                field.family(),
                field.options(),
                given.hasFamilies() ? prior : Optional.empty(),
                field.missingAllowed() || isMissingAllowed(field.path()),
                transform);
    }
}

package io.onlineem.config;

import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Detection;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Blocks;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Drift;
import io.onlineem.family.Families;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One setting of the configuration file. {@link #ALL} is both what the reader knows and what the reference documents.
 *
 * @param path keys from the top, joined with dots
 * @param expected what values it takes, as it ends the sentence "expected …"
 * @param otherwise the value that is read if none is given; null if one must be given, empty if there is none.
 *     {@code <application>} stands for the value of that setting
 * @param meaning what it does
 */
public record Setting(String path, String expected, String otherwise, String meaning) {

    /** Stands for "no value" where a number or a duration is expected. */
    static final String OFF = "off";

    /** The setting whose value default names begin with. */
    static final String APPLICATION = "application";

    /** What {@code missing} may be. */
    static final String ALLOWED = "allowed";

    static final String REFUSED = "refused";

    static final List<String> ALLOWED_OR_REFUSED = List.of(ALLOWED, REFUSED);

    /** What the settings of a field begin with, in the reference. */
    static final String OF_FIELD = "input.fields.<field>.";

    private static final String NAME = "1 to 100 letters, digits, '.', '_' and '-'";
    private static final String TOPIC = "a topic name: 1 to 249 letters, digits, '.', '_' and '-'";
    private static final String COUNT = "a whole number of at least 0";
    private static final String POSITIVE = "a whole number of at least 1";
    private static final String BOOLEAN = "true or false";
    private static final String PORT = "a whole number from 0 to 65535";
    private static final String DURATION = "a duration such as 500ms, 1s or 5m, or off";
    private static final String MATRIX =
            "free, rows of numbers such as 1 1; 0 1, or free with rows to begin from, such as free 1 1; 0 1";
    private static final String NOISE = "free, diagonal, scalar, or rows of numbers such as 2 0; 0 1";
    private static final String MODEL = "model.";

    /** Imagined transitions. */
    static final String PRIOR_TRANSITIONS = "model.prior.transitions";

    static final String PRIOR_STICKY = "model.prior.sticky";

    /** Whether a season is taken from values. */
    static final String ANOMALY_SEASON = "anomaly.season";

    /** The field that holds the time of a record. */
    static final String TIMESTAMP = "input.timestamp";

    /** What begins the settings of sequences. */
    static final String SEQUENCE = "sequence";

    /** What begins the settings of their blocks. */
    static final String BLOCKS = "learning.blocks";

    /** Where smoothed posteriors go. */
    static final String SMOOTHED = "output.smoothed.topic";

    /** Where past versions of models go. */
    static final String HISTORY = "output.models.history.topic";

    static final String HISTORY_RETENTION = "output.models.history.retention";

    /** Where commands to models come from. */
    static final String CONTROL = "control.topic";

    /** Who may ask by HTTP. */
    static final String HTTP_TOKEN = "http.token";

    static final String HTTP_KEYSTORE = "http.tls.keystore";

    static final String HTTP_KEYSTORE_PASSWORD = "http.tls.keystorePassword";

    /** A set of settings under one name. */
    static final String PRESET = "preset";

    /** What begins the settings of anomalies. */
    static final String ANOMALY = "anomaly";

    /** What is watched by itself. */
    static final String KEY = "key";

    static final List<String> ANOMALY_SCOPES = List.of("model", KEY);

    /** How the tails of what is watched are learned. */
    static final List<String> ANOMALY_TAILS = List.of("pareto", "robust");

    /** What models learn from anomalies. */
    static final List<String> ANOMALY_LEARNING = List.of("learn", "down-weight", "skip");

    /** Where alerts go. */
    static final String ALERTS = "output.alerts.topic";

    /** All settings, in the order of the reference. */
    public static final List<Setting> ALL = List.of(
            optional(
                    PRESET,
                    oneOf(Preset.values()),
                    "",
                    "A set of settings under one name, see [presets](anomalies.md#presets); `validate` prints them. Settings"
                            + " given beside it come before it."),
            required(
                    APPLICATION,
                    NAME,
                    "Kafka Streams' `application.id`, and the beginning of default topic names. Instances with the same"
                            + " name share the work."),
            optional(
                    "kafka.<property>",
                    "any property of Kafka clients or Kafka Streams",
                    "",
                    "Passed on as it is, TLS and SASL included. The environment variable `ONLINE_EM_KAFKA_<PROPERTY>`"
                            + " (upper case, dots as underscores) overrides it. Defaults: `bootstrap.servers`"
                            + " `localhost:9092`, `processing.guarantee` `exactly_once_v2`."),
            required("input.topic", TOPIC, "The topic of observations, JSON objects."),
            required(
                    "input.fields",
                    "a list of JSON field names, such as [temperature, wind.speed], or a mapping from names to families or"
                            + " settings",
                    "What makes an observation. Type lda: what makes a document, texts or words with their counts. Dots reach into nested objects. Fields of one family with equal options are"
                            + " modelled together, such as Gaussians with their covariances; others are independent given"
                            + " the component."),
            optional(
                    OF_FIELD + "family",
                    "as model.family",
                    "<model.family>",
                    "The distribution of the field. `<field>: poisson` says the same as `<field>: {family: poisson}`."),
            optional(
                    OF_FIELD + "<option>",
                    "as model.<option>",
                    "<model.option>",
                    "Any option of the family, for this field."),
            optional(
                    OF_FIELD + FieldModel.COVARIATES,
                    "a list of JSON field names",
                    "",
                    "Family linear-regression: the fields that explain this one."),
            optional(
                    OF_FIELD + "missing",
                    ALLOWED + " or " + REFUSED,
                    "<input.missing>",
                    "`allowed`: a record whose field is absent or null is modelled by its other fields; `refused`: it is a"
                            + " dead letter."),
            optional(
                    OF_FIELD + "transform",
                    "one of none, log1p, sqrt, difference",
                    Transform.NONE.label(),
                    "What the model sees of a number: log(1 + x), its square root, or its difference from the previous record"
                            + " of the same key, which is missing in the first."),
            optional(
                    OF_FIELD + "prior.strength",
                    "a number above 0",
                    "<model.prior.strength>",
                    "As `model.prior.strength`, for this field."),
            optional(
                    OF_FIELD + "prior.location",
                    "parameters of one component, such as {rates: [3]}",
                    "",
                    "What the observations that the prior stands for look like, by the names of the parameters in models."
                            + " Default: all records of the warm-up together. A field with a location is modelled by itself."),
            optional("input.missing", ALLOWED + " or " + REFUSED, REFUSED, "Whether any field may be absent or null."),
            optional(
                    "input.weight",
                    "a JSON field name",
                    "",
                    "The field that weighs a record: one of weight 3 counts as three. Default: all count as one."),
            optional(
                    TIMESTAMP,
                    "a field name",
                    "",
                    "Files: the field that holds the time of a record, as 2014-02-14 14:30:00, with T and a zone if there is one,"
                            + " or seconds or milliseconds since 1970. Default: one called timestamp, datetime, time, date or"
                            + " ts, if there is one. Records of topics have timestamps of their own."),
            optional("input.maxBytes", POSITIVE, "1048576", "Larger records, in bytes, are dead letters."),
            optional(
                    "sequence.field",
                    "a JSON field name",
                    "",
                    "Models of sequences, scope shared: the field that names the sequence of a record. All records of a sequence"
                            + " must be in one partition. Default: the record key names it."),
            optional(
                    "sequence.gap",
                    DURATION,
                    OFF,
                    "Models of sequences: a record that is so much later than the one before begins the sequence anew, and one"
                            + " that is so much earlier is scored by itself. Otherwise records are taken in the order in which"
                            + " they arrive."),
            optional(
                    "sequence.expireAfter",
                    DURATION,
                    "24h",
                    "Models of sequences: a sequence without a record for so long, by the timestamps of its partition, ends and"
                            + " is forgotten."),
            optional("model.name", NAME, "<application>", "How outputs and the HTTP interface call the model."),
            optional(
                    "model.scope",
                    oneOf(Scope.values()),
                    Scope.SHARED.label(),
                    "`shared`: one model learned by all partitions in parallel. `per-key`: a model for each record key."),
            optional("model.type", oneOf(ModelSpec.types()), "mixture", "The kind of model."),
            optional(
                    "model.family",
                    oneOf(Families.names()),
                    "gaussian",
                    "The distribution of one component, see [families](families.md)."),
            required(
                    "model.components",
                    POSITIVE,
                    "The number of components, K. Not for the type incomplete-multinomial, where it follows from the"
                            + " cells, and not for the type linear-gaussian, which has none."),
            optional(
                    "model.lags",
                    "a whole number from 0 to 100",
                    "0",
                    "Type mixture of the families gaussian and student-t: condition each record on so many before it in its"
                            + " sequence, see [anomalies](anomalies.md#conditioning-on-previous-values). The model is then one"
                            + " of sequences."),
            optional(
                    "model.covariance",
                    "one of full, tied, diagonal, spherical",
                    "full",
                    "Families gaussian, log-normal (of the logarithms) and student-t (of the scale matrices): the shape of the"
                            + " covariances."),
            optional(
                    "model.covarianceFloor",
                    "a number between 0 and 1",
                    "1.0e-10",
                    "Families gaussian, log-normal and student-t: smallest variance of a component in any direction, as a"
                            + " share of the data's. Type linear-gaussian: of a noise."),
            optional(
                    "model.response",
                    "a field of the family",
                    "",
                    "Family linear-regression: the field to explain by the others; by default the last one."),
            optional(
                    "model.variance",
                    "free or tied",
                    "free",
                    "Family linear-regression: whether each component has a variance of its own."),
            optional(
                    "model.varianceFloor",
                    "a number between 0 and 1",
                    "1.0e-10",
                    "Family linear-regression: smallest variance of a component, as a share of the response's."),
            optional(
                    "model.degreesOfFreedom",
                    "learned, or a number above 0",
                    "learned",
                    "Family student-t: how heavy the tails are; 1 is a Cauchy distribution, from 200 on it is a Gaussian."
                            + " `learned`: for each component, from 0.5 to 200."),
            optional(
                    "model.categories",
                    "a list of texts, or a whole number of at least 1",
                    "20",
                    "Family categorical: the categories, or how many to learn, the most frequent of the warm-up; what is"
                            + " none of those learned belongs to the category `other`."),
            optional(
                    "model.other",
                    "true or false",
                    "false",
                    "Family categorical: whether texts that are none of the listed `categories` are taken, as the category"
                            + " `other`; otherwise such records are dead letters."),
            optional(
                    "model.exposure",
                    "a JSON field name",
                    "",
                    "Family poisson: the field that holds the time, area or population in which was counted, among"
                            + " `input.fields` or not; rates are per unit of it."),
            optional(
                    "model.trials",
                    "a whole number of at least 1, or a JSON field name",
                    "",
                    "Family binomial, required: the trials among which successes are counted, or the field that holds"
                            + " them."),
            optional(
                    "model.period",
                    "a number above 0",
                    Double.toString(2 * Math.PI),
                    "Family von-mises: after how much the numbers come round, 24 for hours, 360 for degrees. Type"
                            + " linear-gaussian, preset damped-oscillation: records of a cycle, which must be given."),
            optional(
                    "model.probabilities",
                    "names, in groups that sum to one, such as p or A,B,O",
                    "",
                    "Type incomplete-multinomial: the probabilities on which cells depend. Groups are separated by"
                            + " semicolons; a single name is a probability and its complement."),
            optional(
                    "model.cells",
                    "observed cells with their probabilities, such as AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2",
                    "",
                    "Type incomplete-multinomial: what is observed, as sums of latent cells. `input.fields` are the names"
                            + " of the cells, for counts, or one field that holds the name of a cell."),
            optional(
                    "model.prior.strength",
                    "a number above 0",
                    "",
                    "Learn as if so many observations of every component had been seen before: few data change parameters"
                            + " less. They look like all records of the warm-up together, or as `prior.location` of a field"
                            + " says. Type incomplete-multinomial: so many draws of each group of probabilities, spread over"
                            + " its members alike. Default: maximum likelihood."),
            optional(
                    "model.initial",
                    "hmm: one of free, stationary, fixed, or the probability of each state, such as [0.5, 0.5];"
                            + " linear-gaussian: one of diffuse, stationary, learned, fixed",
                    "",
                    "The distribution of the first state. Type hmm: learned from the beginnings of sequences (the default), the"
                            + " stationary one of the transitions, that of the parameters to start from, or a given one."
                            + " Type linear-gaussian: none at all, the stationary one, learned, or given by"
                            + " `model.initialMean` and `model.initialCovariance`; by default as the preset has it."),
            optional(
                    "model.transitions",
                    "full, left-to-right, or a row of zeros and ones for each state, such as 110;011;001",
                    "full",
                    "Type hmm: which transitions there are."),
            optional(
                    "model.preset",
                    "one of local-level, local-linear-trend, random-walk, damped-oscillation, constant-velocity, general",
                    "local-level",
                    "Type linear-gaussian: how the states move and what is seen of them, see [state space models](statespace.md)."),
            optional(
                    "model.damping",
                    "a number above 0, at most 1",
                    "0.99",
                    "Type linear-gaussian, preset damped-oscillation: what is left of the cycle after one record."),
            optional(
                    "model.timeStep",
                    "a number above 0",
                    "1",
                    "Type linear-gaussian, preset constant-velocity: time from record to record, in the unit of the velocity."),
            optional(
                    "model.transition",
                    MATRIX,
                    "",
                    "Type linear-gaussian: how the states follow from those before, A. Default: as the preset has it."),
            optional(
                    "model.observation",
                    MATRIX,
                    "",
                    "Type linear-gaussian: what each field shows of the states, C. Default: as the preset has it."),
            optional(
                    "model.offset",
                    "none, free, or a number for each field, such as [20, 1.5]",
                    "",
                    "Type linear-gaussian: what is observed of states that are zero; `free`: learned. Default: free for the"
                            + " preset damped-oscillation, otherwise none."),
            optional(
                    "model.processNoise",
                    NOISE,
                    "",
                    "Type linear-gaussian: what is learned of the covariance of what moves the states, Q, or all of it, given."
                            + " Default: as the preset has it."),
            optional(
                    "model.observationNoise",
                    NOISE,
                    "",
                    "Type linear-gaussian: what is learned of the covariance of the noise of the fields, R, or all of it, given."
                            + " Default: diagonal; free for the preset general."),
            optional(
                    "model.initialMean",
                    "a number for each state, such as [0, 1]",
                    "",
                    "Type linear-gaussian, initial fixed: mean of the first state."),
            optional(
                    "model.initialCovariance",
                    "rows of numbers, such as 1 0; 0 1",
                    "",
                    "Type linear-gaussian, initial fixed: its covariance."),
            optional(
                    PRIOR_TRANSITIONS,
                    "a number above 0",
                    "",
                    "Type hmm: learn the transitions as if so many had been seen from every state, to all states alike."
                            + " Default: maximum likelihood."),
            optional(
                    PRIOR_STICKY,
                    "a number above 0",
                    "",
                    "Type hmm: as if so many more had been seen from every state to itself: states that last."),
            optional(
                    "model.language",
                    oneOf(ModelSpec.languages()),
                    "standard",
                    "Type lda: whose stop words are left out of texts; `standard`: nobody's."),
            optional(
                    "model.vocabulary",
                    "a list of words",
                    "",
                    "Type lda: the words that count; others are ignored. Default: words are learned, see"
                            + " `model.vocabularySize`."),
            optional(
                    "model.vocabularySize",
                    POSITIVE,
                    "5000",
                    "Type lda without `model.vocabulary`: how many words are kept, the heaviest of the stream; what was learned of"
                            + " a word is forgotten as the rest is."),
            optional(
                    "model.alpha",
                    "auto, or a number from 0.002 to 1000000",
                    "auto",
                    "Type lda: the Dirichlet parameter of the topics in a document; less makes documents of fewer topics."
                            + " `auto`: one over the number of topics."),
            optional(
                    "model.eta",
                    "auto, or a number from 0.002 to 1000000",
                    "auto",
                    "Type lda: the Dirichlet parameter of the words in a topic; less makes topics of fewer words. `auto`: one over"
                            + " the number of topics."),
            optional(
                    "model.learnAlpha",
                    BOOLEAN,
                    "false",
                    "Type lda: whether an alpha for each topic is learned, beginning with `model.alpha`."),
            optional(
                    "model.prior.weights",
                    "a number above 0",
                    "",
                    "Type mixture: learn the weights as if so many observations, of all components alike, had been seen"
                            + " before. Default: maximum likelihood."),
            optional(
                    "model.start",
                    "the path of a JSON file, or the parameters themselves",
                    "",
                    "Parameters to start from, in place of the warm-up: the output of `fit`, a record of the models"
                            + " topic, or bare parameters. A path is relative to the configuration file."),
            optional(
                    "learning.stepSize.exponent",
                    "a number above 0.5, at most 1",
                    "0.7",
                    "α of the step size (n + offset)^-α of observation n. 1 weighs all observations alike; less forgets"
                            + " faster. Type lda: 0.9 if nothing is given."),
            optional(
                    "learning.stepSize.offset",
                    "a number of at least 0",
                    "0",
                    "Observations by which n is put forward."),
            optional(
                    "learning.stepSize.constant",
                    "a number above 0, at most 1",
                    "",
                    "In place of exponent and offset: the same step for ever, for streams that never stop changing."),
            optional(
                    "learning.stepSize.halfLife",
                    "a number above 0",
                    "",
                    "In place of exponent and offset: observations after which what was learned weighs half."),
            optional("learning.miniBatch", POSITIVE, "256", "Observations learned from at once."),
            optional(
                    "learning.flushInterval",
                    DURATION,
                    "1s",
                    "A mini-batch that is not full is learned from after this long; `off`: it waits until it is full,"
                            + " which makes results independent of time."),
            optional(
                    "learning.warmUp",
                    POSITIVE,
                    "1000",
                    "Observations from which the first parameters are found; with `model.start`, how many observations its parameters stand for."),
            optional(
                    "learning.starts",
                    POSITIVE,
                    "8",
                    "Random starts tried on the warm-up. Not used with `model.start`. Type lda: 3 if nothing is given."),
            optional("learning.firstMStep", COUNT, "0", "Observations before the parameters are first changed."),
            optional(
                    "learning.averageAfter",
                    "a whole number of at least 0, or off",
                    OFF,
                    "Observations after which Polyak-Ruppert averaging of what is published begins."),
            optional(
                    "learning.blocks.length",
                    POSITIVE,
                    Integer.toString(Blocks.DEFAULTS.length()),
                    "Models of sequences: records of a sequence that are learned from together."),
            optional(
                    "learning.blocks.lookAhead",
                    COUNT,
                    Integer.toString(Blocks.DEFAULTS.lookAhead()),
                    "Models of sequences: records after a block that are waited for, because they tell about its last ones."),
            optional(
                    "learning.drift.enabled",
                    BOOLEAN,
                    "false",
                    "Whether to notice that the stream has changed: when records become less likely, the step is raised for a"
                            + " while, and the models' record tells when."),
            optional(
                    "learning.drift.tolerance",
                    "a number above 0",
                    Double.toString(Drift.DEFAULTS.tolerance()),
                    "Fall of a mini-batch's mean log-likelihood that counts as none, in its standard deviations."),
            optional(
                    "learning.drift.threshold",
                    "a number above 0",
                    Double.toString(Drift.DEFAULTS.threshold()),
                    "Sum of the falls beyond the tolerance at which the stream has changed. Higher: fewer false alarms, and"
                            + " later true ones."),
            optional(
                    "learning.componentCare.enabled",
                    BOOLEAN,
                    "false",
                    "Whether components that explain nothing, or the same as others, are moved to where the fit is worst, if"
                            + " that raises the likelihood; the models' record tells when."),
            optional(
                    "learning.componentCare.margin",
                    "a number above 0",
                    Double.toString(ComponentCare.DEFAULTS.margin()),
                    "Gain in mean log-likelihood of a record, natural logarithm, that a move must bring."),
            optional(
                    "learning.componentCare.distance",
                    POSITIVE,
                    Long.toString(ComponentCare.DEFAULTS.distance()),
                    "Observations between two moves, at least."),
            optional("learning.seed", "a whole number", "1", "The same seed and input give the same model."),
            optional(
                    "anomaly.enabled",
                    BOOLEAN,
                    "false",
                    "Whether records are watched for anomalies: posteriors tell how unusual each one is, and alerts what becomes"
                            + " of incidents; see [anomalies](anomalies.md)."),
            optional(
                    "anomaly.scope",
                    String.join(" or ", ANOMALY_SCOPES),
                    "model",
                    "`model`: the records of a model are watched together, those of a shared one by partition. `key`: those of"
                            + " every key, or sequence, by themselves. Models per key always are."),
            optional(
                    "anomaly.falseAlarms",
                    "a number per hour, day, week or month, such as 1 per week",
                    "1 per week",
                    "The threshold: how often an alarm for nothing is bearable. From the rate of the records and their tail"
                            + " probability."),
            optional(
                    "anomaly.tailProbability",
                    "a number above 0 and below 1",
                    "",
                    "In place of falseAlarms: records at most so likely are alarms."),
            optional(
                    "anomaly.score",
                    "a number above 0 and below 1",
                    "",
                    "In place of falseAlarms: records with at least that score are alarms."),
            optional(
                    "anomaly.falseDiscoveries",
                    "a number above 0 and below 1",
                    "",
                    "In place of falseAlarms: the share of incidents that may be false, such as 0.1, however many there are; see"
                            + " [alerts](anomalies.md#alerts)."),
            optional(
                    "anomaly.streams",
                    POSITIVE,
                    "1",
                    "How many keys, or partitions, the false alarms are shared out among."),
            optional(
                    "anomaly.learning",
                    "one of " + String.join(", ", ANOMALY_LEARNING),
                    "learn",
                    "What the model learns from anomalies. `down-weight`: outliers by their typicality. `skip`: nothing while an"
                            + " incident is open."),
            optional(
                    "anomaly.quiet",
                    POSITIVE,
                    Integer.toString(Detection.DEFAULTS.quiet()),
                    "Records as usual after which an incident is over."),
            optional(
                    "anomaly.quietTime",
                    DURATION,
                    "1h",
                    "Time without a record after which an incident is over; never less than ten times the mean time between two."),
            optional(
                    "anomaly.channels",
                    "a list of record, repeats, and of mean-, minimum-, calm-, alone- and level- with a number of records",
                    "[record]",
                    "What is watched: the surprise of the record (`record`); the mean or the smallest of that of the last records"
                            + " (`mean-20`, `minimum-5`), which sees what lasts; how calm they were (`calm-20`); the mean of their"
                            + " surprises without what came before (`alone-15`); the level of their values (`level-10`); and the"
                            + " same value again and again (`repeats`)."),
            optional(
                    "anomaly.tail",
                    String.join(" or ", ANOMALY_TAILS),
                    "pareto",
                    "How far out what is watched is. `pareto`: by peaks over threshold; right to the last nine on a stream that does"
                            + " not change. `robust`: by an exponential tail that anomalies do not widen, less so for what happens"
                            + " again and again; approximate, and better where anomalies last."),
            optional(
                    ANOMALY_SEASON,
                    BOOLEAN,
                    "false",
                    "Whether what values owe to the time of day and of the week is learned, and taken from them before the model"
                            + " sees them. Fields must be numbers of the families gaussian and student-t."),
            optional(
                    "anomaly.halfLife",
                    "a number from 100 to 1000000000000",
                    "20000",
                    "Records after which a record counts half in the calibration."),
            optional(
                    "anomaly.warmUp",
                    "a whole number from 8 to 10000",
                    Integer.toString(AnomalySettings.DEFAULTS.warmUp()),
                    "Scored records before the first score above 0."),
            optional(
                    "anomaly.levelHalfLife",
                    "a number of at least 0",
                    "0",
                    "Half-life, in records, of the moving level that surprises are taken relative to; 0: none."),
            optional(
                    "anomaly.holdOff",
                    COUNT,
                    "0",
                    "Records after a peak during which only what exceeds what is left of it has a high score; 0: none."),
            optional(
                    "anomaly.newNormal",
                    COUNT,
                    Integer.toString(AnomalySettings.DEFAULTS.newNormal()),
                    "Records of lasting surprise after which it is the new normal and the calibration begins anew; 0: never."),
            optional("output.posteriors.topic", TOPIC, "<application>-posteriors", "One record for each observation."),
            optional(
                    "output.posteriors.content",
                    oneOf(PosteriorContent.values()),
                    PosteriorContent.FULL.label(),
                    "`full`: JSON with all probabilities. `most-likely`: JSON with the most likely component only."
                            + " `binary`: everything in a compact form."),
            optional(
                    SMOOTHED,
                    TOPIC,
                    "",
                    "Models of sequences: one record more for each scored observation, once the records after it are known, see"
                            + " `learning.blocks`: its posterior given those too, and the most likely path. Default: none."),
            optional("output.models.topic", TOPIC, "<application>-models", "The newest parameters; compacted."),
            optional(
                    HISTORY,
                    TOPIC,
                    "",
                    "Every version of the parameters and what became of every command, for a while: what `online-em models"
                            + " history` and `rollback` read. Default: none."),
            optional(
                    HISTORY_RETENTION,
                    DURATION,
                    "168h",
                    "How long the topic that is created keeps a record; `off`: for ever."),
            optional(
                    ALERTS,
                    TOPIC,
                    "<application>-alerts",
                    "With `anomaly.enabled`: what becomes of incidents, keyed by what is watched."),
            optional(
                    "output.deadLetters.topic",
                    TOPIC,
                    "<application>-dead-letters",
                    "Records that are not valid observations, with the reason in their headers."),
            optional(
                    "output.deadLetters.maxBytes",
                    POSITIVE,
                    "8388608",
                    "The largest dead letter, in bytes; what does not fit is cut."),
            optional("output.createTopics", BOOLEAN, "true", "Whether output topics that are missing are created."),
            optional("output.partitions", COUNT, "0", "Partitions of created topics; 0: as many as the input has."),
            optional(
                    "output.replicationFactor",
                    "a whole number of at least 1, or -1",
                    "-1",
                    "Replicas of created topics; -1: the broker's default."),
            optional(
                    CONTROL,
                    TOPIC,
                    "",
                    "Commands to models: pause and resume learning, reset, set the step size, load parameters, roll back,"
                            + " announce maintenance, say that an incident was fine; see docs/control.md and `online-em models`. Default: none are taken."),
            optional(
                    "http.enabled",
                    BOOLEAN,
                    "true",
                    "Whether the live page, metrics, health and models are served over HTTP."),
            optional(
                    "http.host",
                    "a host name or address",
                    "127.0.0.1",
                    "Where the HTTP server listens: beyond loopback only with TLS and a token. The environment variable"
                            + " `ONLINE_EM_HTTP_HOST` overrides it."),
            optional("http.port", PORT, "8080", "Its port; 0: any free one."),
            optional(
                    HTTP_TOKEN,
                    "a text of at least 16 visible ASCII characters, or file:PATH",
                    "",
                    "What programs show in the header `Authorization: Bearer …`, and people at `/login`. With `file:`"
                            + " it is the first line of that file. The environment variable `ONLINE_EM_HTTP_TOKEN` overrides"
                            + " it. Default: none."),
            optional(
                    HTTP_KEYSTORE,
                    "a path",
                    "",
                    "A PKCS #12 or JKS file with the server's key and certificate; with it HTTP is served by TLS only. The"
                            + " environment variable `ONLINE_EM_HTTP_TLS_KEYSTORE` overrides it. Default: none."),
            optional(
                    HTTP_KEYSTORE_PASSWORD,
                    "a text, or file:PATH",
                    "",
                    "The password of the keystore and of the key in it. With `file:` it is the first line of that file. The"
                            + " environment variable `ONLINE_EM_HTTP_TLS_KEYSTORE_PASSWORD` overrides it."));

    private static Setting required(String path, String expected, String meaning) {
        return new Setting(path, expected, null, meaning);
    }

    private static Setting optional(String path, String expected, String otherwise, String meaning) {
        return new Setting(path, expected, otherwise, meaning);
    }

    private static String oneOf(Set<String> values) {
        return values.size() == 1 ? values.iterator().next() : "one of " + String.join(", ", values);
    }

    private static String oneOf(Scope... scopes) {
        Set<String> labels = new LinkedHashSet<>();
        for (Scope scope : scopes) {
            labels.add(scope.label());
        }
        return oneOf(labels);
    }

    private static String oneOf(Preset... presets) {
        Set<String> labels = new LinkedHashSet<>();
        for (Preset preset : presets) {
            labels.add(preset.label());
        }
        return oneOf(labels);
    }

    private static String oneOf(PosteriorContent... contents) {
        Set<String> labels = new LinkedHashSet<>();
        for (PosteriorContent content : contents) {
            labels.add(content.label());
        }
        return oneOf(labels);
    }

    /** The setting of that path. */
    static Setting at(String path) {
        return find(path).orElseThrow(() -> new IllegalArgumentException("no setting " + path));
    }

    /** The setting of that path, if there is one. */
    static Optional<Setting> find(String path) {
        return ALL.stream().filter(setting -> setting.path().equals(path)).findFirst();
    }

    /** The keys that may follow a path; the path of the whole file is empty. */
    static Set<String> keysUnder(String path) {
        String prefix = path.isEmpty() ? "" : path + ".";
        Set<String> keys = new LinkedHashSet<>();
        for (Setting setting : ALL) {
            if (setting.path().startsWith(prefix)) {
                String rest = setting.path().substring(prefix.length());
                keys.add(rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest);
            }
        }
        return keys;
    }

    /** Settings in which the last key is the given one, whatever the letter case. */
    static List<String> endingWith(String key) {
        List<String> paths = new ArrayList<>();
        for (Setting setting : ALL) {
            if (setting.path().substring(setting.path().lastIndexOf('.') + 1).equalsIgnoreCase(key)) {
                paths.add(setting.path());
            }
        }
        return paths;
    }

    /** The options of families, which are settings of the model. */
    static Set<String> familyOptions() {
        Set<String> options = new LinkedHashSet<>();
        Families.names().forEach(family -> options.addAll(Families.options(family)));
        return options;
    }

    /** The options of types, which are settings of the model. */
    static Set<String> typeOptions() {
        Set<String> options = new LinkedHashSet<>();
        for (String type : ModelSpec.types()) {
            ModelSpec.options(type).stream()
                    .filter(option -> find(ofOption(option)).isPresent())
                    .forEach(options::add);
        }
        return options;
    }

    /** The path of an option of a family or a type. */
    static String ofOption(String option) {
        return MODEL + option;
    }

    /** The reference: a Markdown table of all settings. */
    public static String reference() {
        StringBuilder table = new StringBuilder("| Setting | Value | Default | Meaning |\n|---|---|---|---|\n");
        for (Setting setting : ALL) {
            table.append("| `").append(setting.path()).append("` | ");
            table.append(setting.expected()).append(" | ");
            table.append(
                    setting.otherwise() == null
                            ? "required"
                            : setting.otherwise().isEmpty() ? "" : "`" + setting.otherwise() + "`");
            table.append(" | ").append(setting.meaning()).append(" |\n");
        }
        return table.toString();
    }
}

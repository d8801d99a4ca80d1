package io.onlineem.config;

import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.AnomalySettings.Tails;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detection.LearningFrom;
import io.onlineem.anomaly.Threshold;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads whether and how records are watched for anomalies. */
final class AnomalyReader {

    private static final String PREFIX = Setting.ANOMALY + ".";
    private static final String FALSE_ALARMS = PREFIX + "falseAlarms";
    private static final String TAIL_PROBABILITY = PREFIX + "tailProbability";
    private static final String SCORE = PREFIX + "score";
    private static final String FALSE_DISCOVERIES = PREFIX + "falseDiscoveries";
    private static final String STREAMS = PREFIX + "streams";
    private static final String CHANNELS = PREFIX + "channels";

    private final YamlTree tree;
    private final ConfigurationReader reader;

    AnomalyReader(YamlTree tree, ConfigurationReader reader) {
        this.tree = tree;
        this.reader = reader;
    }

    /** How, and whether every key is watched by itself; empty if they are not, or, with problems, if it is not valid. */
    Optional<Watched> read() {
        Optional<Boolean> enabled = reader.enabled(Setting.ANOMALY);
        if (tree.has(Setting.PRESET) && enabled.isPresent() && !enabled.get()) {
            tree.problemWith(
                    PREFIX + "enabled", " is 'false' beside a preset, which watches for anomalies; remove one of them");
        }
        Optional<Boolean> perKey =
                reader.oneOf(PREFIX + "scope", Setting.ANOMALY_SCOPES).map(scope -> scope.equals(Setting.KEY));
        Optional<Threshold> threshold = threshold();
        Optional<Integer> streams = reader.integer(STREAMS, 1, Integer.MAX_VALUE);
        Optional<LearningFrom> learning = reader.oneOf(PREFIX + "learning", Setting.ANOMALY_LEARNING)
                .map(label ->
                        LearningFrom.valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_')));
        Optional<Integer> quiet = reader.integer(PREFIX + "quiet", 1, Integer.MAX_VALUE);
        Optional<Duration> quietTime = reader.duration(PREFIX + "quietTime");
        Optional<AnomalySettings> calibration = calibration();
        if (enabled.isEmpty()
                || perKey.isEmpty()
                || threshold.isEmpty()
                || streams.isEmpty()
                || learning.isEmpty()
                || quiet.isEmpty()
                || quietTime.isEmpty()
                || calibration.isEmpty()
                || !enabled.get()) {
            return Optional.empty();
        }
        return Optional.of(new Watched(
                new Detection(
                        calibration.get(),
                        threshold.get(),
                        streams.get(),
                        quiet.get(),
                        quietTime.get(),
                        learning.get()),
                perKey.get()));
    }

    /** What is watched, before its topic is known. */
    record Watched(Detection detection, boolean perKey) {}

    private Optional<Threshold> threshold() {
        List<String> given = List.of(FALSE_ALARMS, TAIL_PROBABILITY, SCORE, FALSE_DISCOVERIES).stream()
                .filter(tree::has)
                .toList();
        if (given.size() > 1) {
            tree.problemWith(given.get(1), " states a threshold beside " + given.get(0) + "; expected one of them");
            return Optional.empty();
        }
        if (tree.has(STREAMS) && !given.isEmpty() && !given.get(0).equals(FALSE_ALARMS)) {
            tree.problem(
                    tree.place(STREAMS),
                    STREAMS + " has no use beside " + given.get(0) + ", which is of every stream by itself; remove it");
        }
        if (tree.has(TAIL_PROBABILITY)) {
            return reader.number(TAIL_PROBABILITY)
                    .flatMap(value -> reader.checked(TAIL_PROBABILITY, () -> Threshold.tailProbability(value)));
        }
        if (tree.has(SCORE)) {
            return reader.number(SCORE).flatMap(value -> reader.checked(SCORE, () -> Threshold.score(value)));
        }
        if (tree.has(FALSE_DISCOVERIES)) {
            return reader.number(FALSE_DISCOVERIES)
                    .flatMap(value -> reader.checked(FALSE_DISCOVERIES, () -> Threshold.falseDiscoveries(value)));
        }
        return reader.text(FALSE_ALARMS)
                .flatMap(text -> reader.checked(FALSE_ALARMS, () -> Threshold.parseFalseAlarms(text)));
    }

    private Optional<AnomalySettings> calibration() {
        Optional<Double> halfLife = reader.number(PREFIX + "halfLife");
        Optional<Integer> warmUp = reader.integer(PREFIX + "warmUp", 1, Integer.MAX_VALUE);
        Optional<Double> levelHalfLife = reader.number(PREFIX + "levelHalfLife");
        Optional<Integer> holdOff = reader.integer(PREFIX + "holdOff", 0, Integer.MAX_VALUE);
        Optional<Integer> newNormal = reader.integer(PREFIX + "newNormal", 0, Integer.MAX_VALUE);
        Optional<List<Channel>> channels = channels();
        Optional<Tails> tails = reader.oneOf(PREFIX + "tail", Setting.ANOMALY_TAILS)
                .map(label -> Tails.valueOf(label.toUpperCase(Locale.ROOT)));
        Optional<Boolean> season = reader.flag(Setting.ANOMALY_SEASON);
        return halfLife.isEmpty()
                        || warmUp.isEmpty()
                        || levelHalfLife.isEmpty()
                        || holdOff.isEmpty()
                        || newNormal.isEmpty()
                        || channels.isEmpty()
                        || tails.isEmpty()
                        || season.isEmpty()
                ? Optional.empty()
                : reader.checked(
                        Setting.ANOMALY,
                        () -> new AnomalySettings(
                                halfLife.get(),
                                AnomalySettings.DEFAULTS.excesses(),
                                warmUp.get(),
                                channels.get(),
                                levelHalfLife.get(),
                                holdOff.get(),
                                newNormal.get(),
                                tails.get(),
                                season.get()));
    }

    private Optional<List<Channel>> channels() {
        Node node = tree.value(CHANNELS);
        if (node == null) {
            return Optional.of(AnomalySettings.DEFAULTS.channels());
        }
        Optional<List<String>> labels = YamlTree.texts(node);
        if (labels.isEmpty()) {
            reader.unexpected(Setting.at(CHANNELS), node);
            return Optional.empty();
        }
        return reader.checked(
                CHANNELS, () -> labels.get().stream().map(Channel::of).toList());
    }
}

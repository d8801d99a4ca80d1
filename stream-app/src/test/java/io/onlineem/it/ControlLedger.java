package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Acknowledgement.Outcome;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.WatchOrdersJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Everything that a models topic says, and what follows from it: each valid record was learned from, once, by one of the models
 * that a model was in turn, or was left out as the acknowledgements tell.
 */
final class ControlLedger {

    private static final Set<String> REPLACING = Set.of("reset", "load");

    private final TestApplication application;
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();

    /** By model: observations counted, by version. */
    private final Map<String, TreeMap<Long, Long>> versions = new HashMap<>();

    /** The newest, by model. */
    private final Map<String, WatchOrders> orders = new HashMap<>();

    ControlLedger(TestApplication application) {
        this.application = application;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        if (AcknowledgementJson.isAcknowledgement(record.value())) {
            Acknowledgement acknowledgement = AcknowledgementJson.read(record.value());
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).startsWith(application.name() + "#control");
            acknowledgements.add(acknowledgement);
            return;
        }
        if (WatchOrdersJson.isWatchOrders(record.value())) {
            orders.put(WatchOrdersJson.model(record.value()), WatchOrdersJson.read(record.value()));
            return;
        }
        PublishedModel<?> model = application.model(record.value());
        Long before = versions.computeIfAbsent(model.model(), name -> new TreeMap<>())
                .put(model.version(), model.observations());
        assertThat(before)
                .as("version %s of %s was published twice", model.version(), model.model())
                .isNull();
    }

    /** The acknowledgement of an id, if it has come. */
    boolean hasAcknowledged(String id) {
        return acknowledgements.stream().anyMatch(each -> id.equals(each.id()));
    }

    /** Requires that each command that was sent has one acknowledgement, and that none was applied twice. */
    void requireAcknowledgedOnce(Map<String, List<String>> idsByPlace) {
        Map<String, List<String>> found = new HashMap<>();
        acknowledgements.forEach(
                each -> found.computeIfAbsent(each.partition() + "@" + each.offset(), place -> new ArrayList<>())
                        .add(each.id()));
        assertThat(found)
                .as("ids of acknowledgements by place in the control topic")
                .isEqualTo(idsByPlace);
        Map<String, Integer> applied = new HashMap<>();
        acknowledgements.stream()
                .filter(each -> each.outcome() == Outcome.APPLIED)
                .forEach(each -> applied.merge(each.id(), 1, Integer::sum));
        assertThat(applied.values()).as("how often commands were applied").containsOnly(1);
    }

    /** Acknowledgements by what became of the command. */
    Map<Outcome, Integer> outcomes() {
        Map<Outcome, Integer> outcomes = new LinkedHashMap<>();
        acknowledgements.forEach(each -> outcomes.merge(each.outcome(), 1, Integer::sum));
        return outcomes;
    }

    private List<Acknowledgement> applied(String model) {
        return acknowledgements.stream()
                .filter(each -> each.outcome() == Outcome.APPLIED && model.equals(each.model()))
                .toList();
    }

    private NavigableSet<Long> replacements(String model) {
        NavigableSet<Long> replacements = new TreeSet<>();
        applied(model).stream()
                .filter(each -> REPLACING.contains(each.verb()))
                .forEach(each -> replacements.add(each.version()));
        return replacements;
    }

    /** Records of which it is known what became of them: learned from by what the model was in turn, or left out. */
    long accounted(String model) {
        TreeMap<Long, Long> published = versions.getOrDefault(model, new TreeMap<>());
        long learned = 0;
        for (long replacement : replacements(model)) {
            Map.Entry<Long, Long> last = published.lowerEntry(replacement);
            learned += last == null ? 0 : last.getValue();
        }
        if (!published.isEmpty()
                && (replacements(model).isEmpty()
                        || published.lastKey() >= replacements(model).last())) {
            learned += published.lastEntry().getValue();
        }
        long skipped = acknowledgements.stream()
                .filter(each -> model.equals(each.model()))
                .mapToLong(Acknowledgement::skipped)
                .max()
                .orElse(0);
        return learned + skipped;
    }

    /** Requires that what those who watch are told in the end is what was announced and not ended, and all feedback. */
    void requireOrdersKept(String model) {
        List<String> announced = new ArrayList<>();
        long feedback = 0;
        for (Acknowledgement each : applied(model)) {
            switch (each.verb()) {
                case "maintenance" -> announced.add(each.id());
                case "end-maintenance" -> announced.clear();
                case "fine" -> feedback++;
                default -> {
                    // does not concern them
                }
            }
        }
        WatchOrders newest = orders.getOrDefault(model, WatchOrders.NONE);
        assertThat(newest.maintenance())
                .as("maintenance of %s", model)
                .extracting(WatchOrders.Maintenance::id)
                .isEqualTo(announced);
        assertThat(newest.newestFeedback()).as("feedback on %s", model).isEqualTo(feedback);
    }

    /** Requires that versions go on without a gap, and that nothing was learned in a pause. */
    void requirePausesKept(String model) {
        TreeMap<Long, Long> published = versions.getOrDefault(model, new TreeMap<>());
        Set<Long> expected = new HashSet<>();
        for (long version = 1; !published.isEmpty() && version <= published.lastKey(); version++) {
            expected.add(version);
        }
        assertThat(published.keySet()).as("versions of %s", model).isEqualTo(expected);
        Set<Long> replacements = replacements(model);
        Acknowledgement pause = null;
        boolean replaced = false;
        for (Acknowledgement each : applied(model)) {
            assertThat(each.paused())
                    .as("whether %s is paused after %s", model, each)
                    .isEqualTo(each.verb().equals("pause")
                            || (pause != null && !each.verb().equals("resume")));
            if (each.verb().equals("pause") && pause == null) {
                pause = each;
                replaced = false;
            } else if (REPLACING.contains(each.verb())) {
                replaced = true;
            } else if (each.verb().equals("resume") && pause != null) {
                for (long version = pause.version() + 1; version <= each.version(); version++) {
                    assertThat(replacements)
                            .as("versions that came while %s was paused", model)
                            .contains(version);
                }
                if (!replaced) {
                    assertThat(each.observations())
                            .as("observations of %s after a pause", model)
                            .isEqualTo(pause.observations());
                }
                pause = null;
            }
        }
    }
}

package io.onlineem.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Grafana would not complain of, but a reader of a dashboard would. */
class DashboardsTest {

    private static final int COLUMNS = 24;
    private static final Pattern VARIABLE = Pattern.compile("\\$([a-z]+)");

    static List<String> dashboards() {
        return Deployed.DASHBOARDS;
    }

    private static String provisionedSource() {
        JsonNode sources = Deployed.yaml(Deployed.FOLDER.resolve("grafana/provisioning/datasources/prometheus.yml"));
        return sources.at("/datasources/0/uid").asText();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsInWhichUnitAndWhatIsTooMuch(String name) {
        for (JsonNode panel : Deployed.panels(Deployed.dashboard(name))) {
            String title = panel.get("title").asText();
            assertThat(title).isNotBlank();
            assertThat(panel.get("description").asText()).as(title).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/thresholds/steps"))
                    .as(title)
                    .isNotEmpty();
            assertThat(panel.get("targets")).as(title).isNotEmpty();
            for (JsonNode target : panel.get("targets")) {
                assertThat(target.get("legendFormat").asText()).as(title).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelAndVariableAsksTheSourceThatIsProvisioned(String name) {
        JsonNode dashboard = Deployed.dashboard(name);
        List<String> sources = dashboard.findValues("datasource").stream()
                .filter(source -> source.get("type").asText().equals("prometheus"))
                .map(source -> source.get("uid").asText())
                .toList();

        assertThat(sources).hasSizeGreaterThan(20).containsOnly(provisionedSource());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyVariableThatIsUsedIsDefined(String name) {
        JsonNode dashboard = Deployed.dashboard(name);
        Set<String> defined = Deployed.elements(dashboard.at("/templating/list")).stream()
                .map(variable -> variable.get("name").asText())
                .collect(Collectors.toSet());
        Set<String> used = dashboard.findValuesAsText("expr").stream()
                .map(expression -> expression.replace("$__rate_interval", ""))
                .flatMap(expression -> VARIABLE.matcher(expression).results())
                .map((MatchResult variable) -> variable.group(1))
                .collect(Collectors.toSet());

        assertThat(used).contains("application", "instance").isEqualTo(defined);
    }

    @Test
    void theModelCanBeChosen() {
        assertThat(Deployed.dashboard("model.json").at("/templating/list").findValuesAsText("name"))
                .contains("model", "instance", "field");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap(String name) {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> cells = new HashSet<>();
        for (JsonNode panel : Deployed.dashboard(name).get("panels")) {
            String title = panel.get("title").asText();
            assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
            JsonNode place = panel.get("gridPos");
            int right = place.get("x").asInt() + place.get("w").asInt();
            assertThat(right).as(title).isLessThanOrEqualTo(COLUMNS);
            for (int x = place.get("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    assertThat(cells.add(List.of(x, place.get("y").asInt() + y)))
                            .as(title)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void linksLeadToTheOtherDashboard() {
        for (String name : Deployed.DASHBOARDS) {
            String other = Deployed.DASHBOARDS.get(1 - Deployed.DASHBOARDS.indexOf(name));
            assertThat(Deployed.dashboard(name).at("/links/0/url").asText())
                    .isEqualTo("/d/" + Deployed.dashboard(other).get("uid").asText());
        }
    }
}

package io.onlineem.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.Example;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What can be said of the container files without a container engine. */
class ContainersTest {

    private static final Path ROOT = Path.of("..");

    /** Of {@code Application}: what a stop takes at most, in seconds. */
    private static final int CLOSE_SECONDS = 8;

    /** Where what TLS needs is in containers. */
    private static final String TLS = "/etc/online-em/tls";

    private static final String SCRAPE = "kubernetes/scrape.yml";

    @TempDir
    static Path directory;

    private static SelfSigned tls;

    @BeforeAll
    static void makeCertificate() {
        tls = SelfSigned.in(directory.resolve("tls"));
    }

    private static final JsonNode COMPOSE = Deployed.yaml(ROOT.resolve("docker-compose.yml"));

    private static Iterable<Map.Entry<String, JsonNode>> services() {
        return COMPOSE.get("services").properties();
    }

    @Test
    void dockerComposeAcceptsTheFile() {
        String install = "apt-get install docker-compose";
        assumeTrue(Deployed.isInstalled("docker-compose", install), "docker-compose is not installed: " + install);
        assertThat(Deployed.run(List.of("docker-compose", "-f", "docker-compose.yml", "config"), ROOT))
                .contains("image: apache/kafka:", "/opt/online-em/examples/payments.yaml");
    }

    @Test
    void everyImageHasAVersion() {
        for (Map.Entry<String, JsonNode> service : services()) {
            assertThat(service.getValue().get("image").asText()).matches("[a-z/-]+:v?[0-9]+(\\.[0-9]+)+");
        }
        List<String> bases = Deployed.read(ROOT.resolve("Dockerfile"))
                .lines()
                .filter(line -> line.startsWith("FROM "))
                .toList();
        assertThat(bases).hasSize(2).allMatch(line -> line.matches("FROM [a-z-]+:[0-9]+\\.[0-9]+.*"));
        assertThat(bases.get(1)).endsWith("-jre");
    }

    @Test
    void nothingIsReachableFromBeyondThisMachine() {
        List<String> ports = new ArrayList<>();
        for (Map.Entry<String, JsonNode> service : services()) {
            if (service.getValue().has("ports")) {
                service.getValue().get("ports").forEach(port -> ports.add(port.asText()));
            }
            assertThat(service.getValue().has("network_mode")).isFalse();
        }
        assertThat(ports).hasSize(4).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void everyPartWithStateHasAVolumeAndEveryServerAHealthCheck() {
        Set<String> volumes = new TreeSet<>();
        for (Map.Entry<String, JsonNode> service : services()) {
            boolean serves = service.getValue().has("ports");
            assertThat(service.getValue().has("healthcheck"))
                    .as(service.getKey())
                    .isEqualTo(serves);
            boolean once = service.getKey().equals("certificate");
            assertThat(service.getValue().get("restart").asText()).isEqualTo(once ? "on-failure" : "unless-stopped");
            if (serves) {
                service.getValue()
                        .get("volumes")
                        .forEach(volume -> volumes.add(volume.asText().split(":", -1)[0]));
            }
        }
        volumes.removeIf(volume -> volume.startsWith("./"));
        assertThat(volumes).hasSize(5).isEqualTo(fieldNames(COMPOSE.get("volumes")));
    }

    private static Set<String> fieldNames(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void whatIsMountedIsThere() {
        for (Map.Entry<String, JsonNode> service : services()) {
            if (service.getValue().has("volumes")) {
                for (JsonNode volume : service.getValue().get("volumes")) {
                    String source = volume.asText().split(":", -1)[0];
                    assertThat(!source.startsWith("./")
                                    || ROOT.resolve(source).toFile().isDirectory())
                            .as(source)
                            .isTrue();
                }
            }
        }
        String dashboards = Deployed.yaml(Deployed.FOLDER.resolve("grafana/provisioning/dashboards/online-em.yml"))
                .at("/providers/0/options/path")
                .asText();
        JsonNode grafana = COMPOSE.at("/services/grafana");
        assertThat(grafana.get("volumes").toString()).contains("./deploy/grafana/dashboards:" + dashboards + ":ro");
        assertThat(grafana.at("/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                        .asText())
                .isEqualTo(dashboards + "/" + Deployed.DASHBOARDS.get(0));
    }

    @ParameterizedTest
    @EnumSource(Example.class)
    void everyExampleCanBeChosenAndIsServedWhereItIsAskedForMetrics(Example example) {
        JsonNode app = COMPOSE.at("/services/app");
        Map<String, String> environment = new TreeMap<>();
        app.get("environment")
                .properties()
                .forEach(entry -> environment.put(
                        entry.getKey(),
                        entry.getValue().asText().replace(TLS, tls.folder().toString())));
        Configuration configuration =
                ConfigurationReader.read(ROOT.resolve("examples").resolve(example.label() + ".yaml"), environment);

        assertThat(configuration.http())
                .contains(new Configuration.Http(
                        "0.0.0.0",
                        8080,
                        Optional.of(new Configuration.Tls(tls.keystore(), tls.password())),
                        Optional.of(tls.token())));
        assertThat(app.at("/healthcheck/test").toString())
                .contains("curl", TLS + "/certificate.pem", "https://127.0.0.1:8080/health/ready");
        assertThat(configuration.kafka())
                .containsEntry("bootstrap.servers", "kafka:9092")
                .containsEntry("state.dir", "/var/lib/online-em");
        assertThat(app.get("volumes").toString()).contains(":/var/lib/online-em");
        JsonNode scrape = Deployed.yaml(Deployed.FOLDER.resolve("prometheus/prometheus.yml"))
                .at("/scrape_configs/0");
        assertThat(scrape.at("/static_configs/0/targets/0").asText()).isEqualTo("app:8080");
        assertThat(scrape.get("scheme").asText()).isEqualTo("https");
    }

    @Test
    void theCertificateNamesThoseWhoAreAskedAndItsFilesAreMountedWhereTheyAreLookedFor() {
        JsonNode certificate = COMPOSE.at("/services/certificate");
        String script = certificate.at("/command/0").asText();
        assertThat(script).contains("/opt/online-em/tls/self-signed.sh " + TLS + " app localhost 127.0.0.1\n");
        assertThat(certificate.get("volumes").toString())
                .contains("./deploy/tls:/opt/online-em/tls:ro", "app-tls:" + TLS + "\"");
        for (String reader : List.of("app", "prometheus")) {
            JsonNode service = COMPOSE.at("/services/" + reader);
            assertThat(service.get("volumes").toString()).contains("app-tls:" + TLS + ":ro");
            assertThat(service.at("/depends_on/certificate/condition").asText())
                    .isEqualTo("service_completed_successfully");
        }
        assertThat(Deployed.read(ROOT.resolve("Dockerfile"))).contains("install -d -o online-em -g online-em " + TLS);
    }

    private static JsonNode manifest(String kind) {
        String text = Deployed.read(Deployed.FOLDER.resolve("kubernetes/online-em.yaml"));
        Iterable<Object> documents = new Load(LoadSettings.builder().build()).loadAllFromString(text);
        return StreamSupport.stream(documents.spliterator(), false)
                .map(Deployed::tree)
                .filter(document -> document.get("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theConfigurationInKubernetesIsValidAndHasStandbys() {
        String text = manifest("ConfigMap").at("/data/application.yaml").asText();
        Map<String, String> environment =
                Map.of("ONLINE_EM_HTTP_TOKEN", tls.token(), "ONLINE_EM_HTTP_TLS_KEYSTORE_PASSWORD", tls.password());
        Configuration configuration = ConfigurationReader.read("application.yaml", text, ROOT, environment);
        JsonNode pod = manifest("StatefulSet").at("/spec/template/spec");
        String mounted = pod.at("/containers/0/volumeMounts/0/mountPath").asText();

        assertThat(configuration.kafka())
                .containsEntry("num.standby.replicas", "1")
                .containsEntry("state.dir", mounted);
        Configuration.Http http = configuration.http().orElseThrow();
        assertThat(http.host()).isEqualTo("0.0.0.0");
        assertThat(http.token()).contains(tls.token());
        String secrets = pod.at("/containers/0/volumeMounts/2/mountPath").asText();
        assertThat(http.tls().orElseThrow().keystore()).isEqualTo(Path.of(secrets, "keystore.p12"));
        assertThat(pod.at("/containers/0/args/2").asText())
                .isEqualTo(pod.at("/containers/0/volumeMounts/1/mountPath").asText() + "/application.yaml");
    }

    @Test
    void prometheusAsksPodsByTlsWithTheToken() throws Exception {
        String install = "apt-get install prometheus";
        assumeTrue(Deployed.isInstalled("promtool", install), "Prometheus is not installed: " + install);
        String shipped = Deployed.read(Deployed.FOLDER.resolve(SCRAPE));
        // Debian's Prometheus is built without Kubernetes
        String known = shipped.replaceFirst("(?s)kubernetes_sd_configs:.*?(?=relabel_configs)", "")
                .replace(TLS, tls.folder().toString());
        assertThat(known).isNotEqualTo(shipped).doesNotContain("kubernetes_sd");
        Path file = Files.writeString(directory.resolve("scrape.yml"), known);
        Deployed.run(List.of("promtool", "check", "config", file.toString()), ROOT);
        JsonNode names = Deployed.yaml(Deployed.FOLDER.resolve(SCRAPE)).at("/scrape_configs/0/tls_config/server_name");
        assertThat(Deployed.read(Deployed.FOLDER.resolve("kubernetes/online-em.yaml")))
                .contains("self-signed.sh tls " + names.asText() + "\n");
    }

    @Test
    void podsHaveTimeToStopAndAreProbedWhereTheApplicationAnswers() {
        JsonNode pod = manifest("StatefulSet").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");

        assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isGreaterThan(2 * CLOSE_SECONDS);
        assertThat(COMPOSE.at("/services/app/stop_grace_period").asText()).isEqualTo("15s");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.at("/" + probe + "/httpGet/scheme").asText()).isEqualTo("HTTPS");
            assertThat(container.at("/" + probe + "/httpGet/port")).isEqualTo(container.at("/ports/0/name"));
        }
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(container.get("image").asText())
                .isEqualTo(COMPOSE.at("/services/app/image").asText());
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
        assertThat(Deployed.read(ROOT.resolve("Dockerfile"))).contains("\nUSER 10001\n", "--uid 10001");
    }

    @Test
    void labelsInKubernetesLeadToThePods() {
        JsonNode labels = manifest("StatefulSet").at("/spec/template/metadata/labels");
        assertThat(manifest("StatefulSet").at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(manifest("Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(manifest("PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(manifest("NetworkPolicy").at("/spec/podSelector/matchLabels"))
                .isEqualTo(labels);
        assertThat(manifest("StatefulSet").at("/spec/serviceName"))
                .isEqualTo(manifest("Service").at("/metadata/name"));
    }
}

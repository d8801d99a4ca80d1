package io.onlineem;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.onlineem.observation.Timestamps;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImportDirectionTest {

    private static final String ROOT = "io.onlineem.";

    /** From the bottom up: a package imports from those before it, never from those after it. */
    private static final List<String> BOTTOM_UP =
            List.of("config", "observation", "evaluation", "topology", "metrics", "http", "live", "app", "cli", "demo");

    /** The command line offers the demo; nothing else knows it. */
    private static final Set<String> KNOWS_DEMO = Set.of("cli", "demo");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> location.contains("stream-app"))
            .importPackages("io.onlineem");

    static List<String> packages() {
        return BOTTOM_UP;
    }

    @Test
    void everyPackageIsListed() {
        Set<String> found = MAIN.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toSet());

        assertThat(found).isNotEmpty().isSubsetOf(BOTTOM_UP);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsNothingFromThePackagesAboveIt(String name) {
        String[] above = BOTTOM_UP.subList(BOTTOM_UP.indexOf(name) + 1, BOTTOM_UP.size()).stream()
                .filter(other -> !(other.equals("demo") && KNOWS_DEMO.contains(name)))
                .map(other -> ROOT + other)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above)
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void theLibraryNeedsNothingThatOnlyTheApplicationHas() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "observation", ROOT + "topology", ROOT + "metrics")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.snakeyaml..",
                        "picocli..",
                        "org.apache.commons.csv..",
                        "ch.qos.logback..",
                        "kafka..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.metadata..",
                        "io.micrometer.prometheus..",
                        "io.micrometer.prometheusmetrics..")
                .check(MAIN);
    }

    @Test
    void theHttpServerKnowsNeitherKafkaNorTheMeterRegistry() {
        classes()
                .that()
                .resideInAPackage(ROOT + "http")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax..",
                        "com.sun.net.httpserver..",
                        "org.slf4j..",
                        "tools.jackson..",
                        ROOT + "codec",
                        ROOT + "http")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void evaluationKnowsNoModelsNoKafkaAndNoConfiguration() {
        classes()
                .that()
                .resideInAPackage(ROOT + "evaluation")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "tools.jackson..",
                                "org.apache.commons.csv..",
                                "javax.imageio..",
                                "org.knowm.xchart..",
                                "de.erichseifert.vectorgraphics2d..",
                                ROOT + "evaluation")
                        .or(type(Timestamps.class)))
                .check(MAIN);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
    }
}

package io.onlineem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImportDirectionTest {

    private static final String ROOT = "io.onlineem.";

    /** What a package may import besides itself and the JDK. */
    private static final Map<String, List<String>> ALLOWED = new TreeMap<>(Map.ofEntries(
            Map.entry("em", List.of()),
            Map.entry("anomaly", List.of(ROOT + "em", "com.datadoghq.sketch..")),
            Map.entry("family", List.of(ROOT + "em", "org.ejml..", "org.apache.commons.numbers..")),
            Map.entry("mixture", List.of(ROOT + "em", ROOT + "family")),
            Map.entry("hmm", List.of(ROOT + "em", ROOT + "family")),
            Map.entry("multinomial", List.of(ROOT + "em")),
            Map.entry("statespace", List.of(ROOT + "em", ROOT + "family", "org.ejml..")),
            Map.entry("topic", List.of(ROOT + "em", "org.apache.commons.numbers..")),
            Map.entry(
                    "catalog",
                    List.of(
                            ROOT + "em",
                            ROOT + "family",
                            ROOT + "hmm",
                            ROOT + "mixture",
                            ROOT + "multinomial",
                            ROOT + "statespace",
                            ROOT + "topic")),
            Map.entry(
                    "codec",
                    List.of(ROOT + "em", ROOT + "anomaly", ROOT + "family", ROOT + "catalog", "tools.jackson..")),
            Map.entry("store", List.of(ROOT + "em", ROOT + "catalog", ROOT + "codec", "org.apache.kafka.."))));

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.onlineem");

    static Set<String> packages() {
        return ALLOWED.keySet();
    }

    @Test
    void everyPackageIsListed() {
        Set<String> found = MAIN.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toSet());

        assertThat(found).isNotEmpty().isSubsetOf(packages());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyWhatIsListed(String name) {
        String[] allowed = Stream.concat(Stream.of("java..", ROOT + name), ALLOWED.get(name).stream())
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void onlyTheStoreKnowsKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "store")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(MAIN);
    }

    @Test
    void onlyTheCodecKnowsJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "codec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(MAIN);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
    }
}

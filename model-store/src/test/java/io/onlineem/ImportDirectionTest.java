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
    private static final Map<String, List<String>> ALLOWED = new TreeMap<>(Map.of(
            "em", List.of(),
            "family", List.of(ROOT + "em", "org.ejml..", "org.apache.commons.numbers.."),
            "mixture", List.of(ROOT + "em", ROOT + "family"),
            "hmm", List.of(ROOT + "em", ROOT + "family"),
            "multinomial", List.of(ROOT + "em"),
            "statespace", List.of(ROOT + "em", ROOT + "family", "org.ejml.."),
            "topic", List.of(ROOT + "em", "org.apache.commons.numbers.."),
            "catalog",
                    List.of(
                            ROOT + "em",
                            ROOT + "family",
                            ROOT + "hmm",
                            ROOT + "mixture",
                            ROOT + "multinomial",
                            ROOT + "statespace",
                            ROOT + "topic"),
            "codec", List.of(ROOT + "em", ROOT + "family", ROOT + "catalog", "tools.jackson.."),
            "store", List.of(ROOT + "em", ROOT + "catalog", ROOT + "codec", "org.apache.kafka..")));

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

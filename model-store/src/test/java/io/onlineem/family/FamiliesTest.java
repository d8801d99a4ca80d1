package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FamiliesTest {

    @Test
    void theTableOfFamiliesHasEveryFamilyWithItsOptions() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("..", "docs", "families.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        Set<String> named = rows.stream().map(row -> row.split("`", -1)[1]).collect(Collectors.toSet());

        assertThat(named).isEqualTo(Families.names());
        for (String row : rows) {
            String family = row.split("`", -1)[1];
            String options = row.split(" \\| ", -1)[2];
            for (String option : Families.options(family)) {
                assertThat(options).as(family).containsAnyOf("`" + option + "`", "as `gaussian`");
            }
        }
    }
}

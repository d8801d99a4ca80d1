package io.onlineem.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.family.GaussianFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingTest {

    @Test
    void theReferenceIsWhatTheReaderKnows() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "configuration.md")))
                .as("docs/configuration.md holds Setting.reference()")
                .contains(Setting.reference());
    }

    @Test
    void everyOptionOfAFamilyIsASetting() {
        assertThat(Setting.familyOptions()).allSatisfy(option -> assertThat(Setting.find(Setting.ofOption(option)))
                .isPresent());
    }

    @Test
    void theDocumentedFloorIsTheFamilys() {
        assertThat(Double.parseDouble(Setting.at("model.covarianceFloor").otherwise()))
                .isEqualTo(GaussianFamily.DEFAULT_FLOOR);
    }
}

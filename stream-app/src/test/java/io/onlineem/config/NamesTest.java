package io.onlineem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

    @Test
    void countsInsertionsDeletionsReplacementsAndSwaps() {
        assertThat(Names.distance("seed", "seed")).isZero();
        assertThat(Names.distance("", "seed")).isEqualTo(4);
        assertThat(Names.distance("sed", "seed")).isEqualTo(1);
        assertThat(Names.distance("sead", "seed")).isEqualTo(1);
        assertThat(Names.distance("sede", "seed")).isEqualTo(1);
        assertThat(Names.distance("SEED", "seed")).isZero();
        assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void suggestsNothingForANameThatIsNotNear() {
        assertThat(Names.nearest("colour", List.of("seed", "starts"))).isEmpty();
        assertThat(Names.nearest("start", List.of("seed", "starts"))).contains("starts");
    }
}

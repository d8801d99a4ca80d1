package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.em.StepSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {

    static List<StepSize> stepSizes() {
        return List.of(new StepSize.PowerDecay(0.7, 0), new StepSize.Constant(0.1), new StepSize.HalfLife(250));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("stepSizes")
    void everyStepSizeIsReadAsItWasWritten(StepSize step) {
        assertThat(StepSizeJson.read(StepSizeJson.write(step), "stepSize")).isEqualTo(step);
        ControlState control = ControlState.NONE.withStepSize(step);
        assertThat(ControlStateCodec.decode(ControlStateCodec.encode(control))).isEqualTo(control);
    }

    @Test
    void ordersAreRecordsOfTheModelsTopicThatAreNoModels() {
        byte[] orders = WatchOrdersJson.write("wind/north", Examples.orders());

        assertThat(WatchOrdersJson.isWatchOrders(orders)).isTrue();
        assertThat(WatchOrdersJson.read(orders)).isEqualTo(Examples.orders());
        assertThat(WatchOrdersJson.model(orders)).isEqualTo("wind/north");
        assertThat(WatchOrdersJson.key("wind/north")).isEqualTo("wind#watch/north");
        assertThat(WatchOrdersJson.key("wind")).isEqualTo("wind#watch");
        assertThat(ModelParts.isModel(orders)).isFalse();
        assertThat(AcknowledgementJson.isAcknowledgement(orders)).isFalse();
        assertThat(WatchOrdersJson.isWatchOrders(AcknowledgementJson.write(Examples.acknowledgement())))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"watch\":\"m\",\"maintenance\":[{\"id\":\"a\"}]}",
                "{\"watch\":\"m\",\"maintenance\":[{\"id\":\"a\",\"from\":2,\"to\":2}]}",
                "{\"watch\":\"m\",\"maintenance\":[7]}",
                "{\"watch\":\"m\",\"feedback\":{}}",
                "{\"watch\":\"m\",\"feedback\":[{\"number\":1,\"incident\":\"m\"}]}"
            })
    void ordersThatAreNoneAreRefused(String json) {
        assertThatThrownBy(() -> WatchOrdersJson.read(json(json)))
                .isInstanceOf(CodecException.class)
                .satisfiesAnyOf(e -> assertThat(e).hasMessageContaining("missing"), e -> assertThat(e)
                        .hasMessageContaining("expected"));
    }

    @Test
    void aCommandIsReadAsItWasWritten() {
        byte[] document = json("{\"weights\":[0.1,1e-300,0.30000000000000004],\"name\":\"é\",\"none\":null}");
        Command read = CommandJson.read(CommandJson.write(
                Command.of("7", "load").with("document", document).with("text", "\"é\n")));

        assertThat(read.id()).isEqualTo("7");
        assertThat(read.verb()).isEqualTo("load");
        assertThat(read.text("text")).contains("\"é\n");
        assertThat(read.argument("document").orElseThrow())
                .isEqualTo(json("{\"weights\":[0.1,1.0E-300,0.30000000000000004],\"name\":\"é\",\"none\":null}"));
    }

    @Test
    void argumentsOfTheWrongKindAreRefusedByName() {
        Command command = CommandJson.read(json("{\"id\":\"1\",\"command\":\"x\",\"a\":1.5,\"b\":true}"));

        assertThat(command.number("a")).contains(1.5);
        assertThat(command.integer("c")).isEmpty();
        assertThatThrownBy(() -> command.integer("a")).hasMessageContaining("'a' is 1.5; expected a whole number");
        assertThatThrownBy(() -> command.text("b")).hasMessageContaining("'b' is true; expected text");
        assertThatThrownBy(() -> command.requireOnly(Set.of("a")))
                .hasMessage("'b' is no property of the command x; expected id, command and of [a]: correct the name, or"
                        + " leave it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":7}", "{\"id\":\"\"}", "{\"id\":\"a b\"}", "[", "null"})
    void whatHasNoIdHasNone(String text) {
        assertThat(CommandJson.idOf(json(text))).isEmpty();
    }

    @Test
    void commandsAreForgottenOldestFirst() {
        ControlState control = ControlState.NONE;
        for (int i = 0; i <= ControlState.RECENT; i++) {
            control = control.withApplied(new ControlState.Applied("id-" + i, i));
        }

        assertThat(control.applied("id-0")).isEmpty();
        assertThat(control.applied("id-1")).contains(new ControlState.Applied("id-1", 1));
        assertThat(control.recent()).hasSize(ControlState.RECENT);
    }

    @Test
    void acknowledgementsAreToldFromModelsAndTheirKeysAreNoModels() {
        byte[] acknowledgement = AcknowledgementJson.write(Examples.acknowledgement());
        byte[] model = new ModelJson<>(Examples.SPEC, Examples.model()).write(Examples.published());

        assertThat(AcknowledgementJson.isAcknowledgement(acknowledgement)).isTrue();
        assertThat(ModelParts.isModel(acknowledgement)).isFalse();
        assertThat(AcknowledgementJson.isAcknowledgement(model)).isFalse();
        assertThat(ModelParts.isModel(model)).isTrue();
        assertThat(AcknowledgementJson.key("wind")).isEqualTo("wind#control");
        assertThat(AcknowledgementJson.key("wind/a/b#control")).isEqualTo("wind#control/a/b#control");
    }
}

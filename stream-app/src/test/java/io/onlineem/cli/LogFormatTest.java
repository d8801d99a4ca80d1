package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogFormatTest {

    /** What is written when something is logged that should be, and something that should not. */
    private static List<String> logged(String format) throws Exception {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        PrintStream err = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            configurator.doConfigure(
                    LogFormatTest.class.getClassLoader().getResource(Main.LOG_CONFIGURATIONS.get(format)));
            Logger own = context.getLogger("io.onlineem.app.Application");
            own.info("created topic {}", "a\"b");
            context.getMDCAdapter().put("model", "wind");
            own.warn("about a model");
            context.getMDCAdapter().remove("model");
            own.debug("not told");
            context.getLogger("org.apache.kafka.streams.StreamsConfig").warn("not told");
            context.getLogger("org.apache.kafka.clients.Other")
                    .warn("line\nbreak", new IllegalStateException("broken"));
            context.stop();
        } finally {
            System.setErr(err);
        }
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void asJsonEveryEventIsAnObjectOnALineOfItsOwn() throws Exception {
        List<String> lines = logged("json");
        assertThat(lines).hasSize(3);
        ObjectMapper mapper = new ObjectMapper();
        JsonNode first = mapper.readTree(lines.get(0));
        JsonNode second = mapper.readTree(lines.get(2));

        assertThat(first.get("formattedMessage").asText()).isEqualTo("created topic a\"b");
        assertThat(first.get("level").asText()).isEqualTo("INFO");
        assertThat(first.get("loggerName").asText()).isEqualTo("io.onlineem.app.Application");
        assertThat(first.get("timestamp").asLong()).isPositive();
        assertThat(mapper.readTree(lines.get(1)).at("/mdc/model").asText()).isEqualTo("wind");
        assertThat(first.get("mdc")).isEmpty();
        assertThat(second.get("formattedMessage").asText()).isEqualTo("line\nbreak");
        assertThat(second.at("/throwable/message").asText()).isEqualTo("broken");
    }

    @Test
    void asTextEveryEventIsReadable() throws Exception {
        List<String> lines = logged("text");
        assertThat(lines.get(0)).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Application: created topic a\"b");
        assertThat(lines.get(1)).endsWith("WARN  Application: about a model | model=wind");
        assertThat(lines).noneMatch(line -> line.contains("not told"));
    }
}

package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoAndBrokerUsageTest {

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            demo --rate 0            | rate is 0.0; expected a positive number
            demo --rate NaN          | rate is NaN; expected a positive number
            demo --components 0      | number of components is 0; expected at least 1
            demo --scope everything  | scope is 'everything'; expected one of
            demo --start missing.json| --start: there is no file missing.json
            broker --port 70000      | --port is 70000; expected 0 to 65535
            broker --port x          | '--port'
            feed --example wind      | example is 'wind'; expected one of payments
            feed --example payments --rate 0    | rate is 0.0; expected a positive number
            feed --example payments --records 0 | number of records is 0; expected at least 1
            feed                     | '--example=EXAMPLE'
            """)
    void wrongUsageIsExplained(String arguments, String message) {
        assertThat(run(arguments.split(" "))).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void aBrokerOnATakenPortIsAFailureThatNamesThePort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(run("broker", "--port", port)).isEqualTo(Main.FAILURE);
            assertThat(err.toString()).contains("cannot start on 127.0.0.1:" + port, "another port");
        }
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}

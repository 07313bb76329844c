package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.Table.Row;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables were checked against a real Envoy, which refuses what has no ~. */
class RefusedConfigTest {

    @ParameterizedTest
    @MethodSource
    void refusesClusters(Row row) {
        assertThat(LoaderFixture.problems("static_resources: {clusters: [{name: c, " + row.config() + "}]}"))
                .containsExactlyElementsOf(row.said().stream()
                        .map(said -> "static_resources.clusters[0]." + said)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource
    void refusesListeners(Row row) {
        String address = row.config().contains("address: {") && row.config().startsWith("address:")
                ? ""
                : "address: {socket_address: {address: 127.0.0.1, port_value: 0}}, ";
        assertThat(LoaderFixture.problems("static_resources: {listeners: [{name: l, " + address + row.config() + "}]}"))
                .containsExactlyElementsOf(row.said().stream()
                        .map(said -> "static_resources.listeners[0]." + said)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource
    void refusesBootstraps(Row row) {
        assertThat(LoaderFixture.problems("{" + row.config() + "}")).containsExactlyElementsOf(row.said());
    }

    static Stream<Row> refusesClusters() throws IOException {
        return Table.rows("refused-clusters.txt");
    }

    static Stream<Row> refusesListeners() throws IOException {
        return Table.rows("refused-listeners.txt");
    }

    static Stream<Row> refusesBootstraps() throws IOException {
        return Table.rows("refused-bootstraps.txt");
    }
}

package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.Table.Row;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of what is refused; {@link RefusedConfigIT} asks a real Envoy about them. */
class RefusedConfigTest {

    @ParameterizedTest
    @MethodSource
    void refusesClusters(Row row) {
        assertThat(LoaderFixture.problems(row.bootstrap())).isEqualTo(row.problems());
    }

    @ParameterizedTest
    @MethodSource
    void refusesListeners(Row row) {
        assertThat(LoaderFixture.problems(row.bootstrap())).isEqualTo(row.problems());
    }

    @ParameterizedTest
    @MethodSource
    void refusesRouteActions(Row row) {
        assertThat(LoaderFixture.problems(row.bootstrap())).isEqualTo(row.problems());
    }

    @ParameterizedTest
    @MethodSource
    void refusesBootstraps(Row row) {
        assertThat(LoaderFixture.problems(row.bootstrap())).isEqualTo(row.problems());
    }

    static Stream<Row> refusesClusters() throws IOException {
        return Table.CLUSTERS.rows();
    }

    static Stream<Row> refusesListeners() throws IOException {
        return Table.LISTENERS.rows();
    }

    static Stream<Row> refusesRouteActions() throws IOException {
        return Table.ROUTE_ACTIONS.rows();
    }

    static Stream<Row> refusesBootstraps() throws IOException {
        return Table.BOOTSTRAPS.rows();
    }
}

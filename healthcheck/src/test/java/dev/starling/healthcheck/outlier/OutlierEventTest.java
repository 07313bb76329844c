package dev.starling.healthcheck.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.healthcheck.outlier.OutlierEvent.Action;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The lines are those that Envoy 1.40 wrote. */
class OutlierEventTest {

    @Test
    void writesAnEjectionAsEnvoyDoes() {
        var event = new OutlierEvent(
                OutlierKind.CONSECUTIVE_GATEWAY_FAILURE,
                Instant.parse("2026-11-21T08:01:45.531Z"),
                OptionalLong.empty(),
                "two",
                "127.0.0.1:23101",
                Action.EJECT,
                0,
                false);

        assertThat(event.toJson())
                .isEqualTo("{\"type\":\"CONSECUTIVE_GATEWAY_FAILURE\",\"timestamp\":\"2026-11-21T08:01:45.531Z\","
                        + "\"cluster_name\":\"two\",\"upstream_url\":\"127.0.0.1:23101\",\"action\":\"EJECT\","
                        + "\"num_ejections\":0,\"enforced\":false,\"eject_consecutive_event\":{}}");
    }

    @Test
    void writesAReadmissionAsEnvoyDoes() {
        var event = new OutlierEvent(
                OutlierKind.CONSECUTIVE_5XX,
                Instant.parse("2026-11-21T08:01:48.007999Z"),
                OptionalLong.of(2),
                "ten",
                "127.0.0.1:23100",
                Action.UNEJECT,
                1,
                false);

        assertThat(event.toJson())
                .isEqualTo("{\"type\":\"CONSECUTIVE_5XX\",\"timestamp\":\"2026-11-21T08:01:48.007Z\","
                        + "\"secs_since_last_action\":\"2\",\"cluster_name\":\"ten\","
                        + "\"upstream_url\":\"127.0.0.1:23100\",\"action\":\"UNEJECT\",\"num_ejections\":1,"
                        + "\"enforced\":false}");
    }

    @Test
    void keepsALineALine() {
        var event = new OutlierEvent(
                OutlierKind.CONSECUTIVE_5XX,
                Instant.EPOCH,
                OptionalLong.empty(),
                "a\"b\\c\nd<e>é",
                "/run/x.sock",
                Action.UNEJECT,
                1,
                false);

        assertThat(event.toJson()).contains("\"cluster_name\":\"a\\\"b\\\\c\\u000ad\\u003ce\\u003eé\"");
    }
}

package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A control plane that is asked over HTTP, again and again. */
@Timeout(60)
class RestIT {

    private static void eventually(Runnable holds) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(holds::run);
    }

    @Test
    void clustersEndpointsListenersAndRoutesFollowWhatItAnswers() throws Exception {
        var hello = Proxy.upstream("hello");
        var other = Proxy.upstream("other");
        try (var plane = new RestPlane()) {
            plane.serve(hello.getAddress().getPort());
            try (var proxy = Proxy.of(RestPlane.bootstrap(plane.port())).awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 hello");

                plane.serve(other.getAddress().getPort());
                eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));

                plane.answer("clusters", 503, "");
                eventually(() -> assertThat(proxy.stat("cluster_manager.cds.update_failure"))
                        .isPositive());
                plane.answer("endpoints", 200, "{nonsense");
                eventually(() -> assertThat(proxy.stat("cluster.upstream.update_rejected"))
                        .isPositive());
                plane.answer("listeners", 304, "");
                assertThat(proxy.get("in")).isEqualTo("200 other");

                plane.serve(hello.getAddress().getPort());
                eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 hello"));
                assertThat(proxy.stat("cluster.plane.internal.upstream_rq_503")).isPositive();
            }
        } finally {
            hello.stop(0);
            other.stop(0);
        }
    }
}

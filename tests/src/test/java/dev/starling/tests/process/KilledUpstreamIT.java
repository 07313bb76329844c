package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Upstream processes that are killed with everything they are doing. */
@Timeout(60)
class KilledUpstreamIT {

    private static final int WAITING = 20;

    @TempDir
    Path folder;

    @Test
    void costsWhatTheyHadBegunAndNothingElse() throws Exception {
        try (var mortal = MortalUpstream.start("mortal");
                var other = MortalUpstream.start("other");
                var starling = StarlingProcess.serve(
                        folder, List.of(), Bootstraps.http("timeout: 0s", mortal.port(), other.port()))) {
            InetSocketAddress address = starling.listener("in");
            List<Wire> waiting = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) { // in turn to the one and the other
                waiting.add(Wire.connect(address).get("/none"));
            }
            List<Wire> halved = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) {
                halved.add(Wire.connect(address).get("/half"));
            }
            for (Wire wire : halved) {
                assertThat(wire.head()).startsWith("HTTP/1.1 200 OK\r\n");
            }
            await().until(() -> starling.stat("cluster.up.upstream_rq_active") == 2 * WAITING);

            mortal.kill();

            await().until(() -> starling.stat("cluster.up.upstream_rq_active") == WAITING);
            assertThat(starling.stat("http.ingress.downstream_rq_active")).isEqualTo(WAITING);
            for (int i = 0; i < 20; i++) { // half of them meet the dead one
                try (Wire wire = Wire.connect(address)) {
                    assertThat(wire.get("/").response())
                            .satisfiesAnyOf(
                                    answer -> assertThat(answer).endsWith("other"),
                                    answer -> assertThat(answer)
                                            .startsWith("HTTP/1.1 503 ")
                                            .endsWith("reset reason: remote connection failure"));
                }
            }
            assertThat(starling.stat("cluster.up.upstream_cx_connect_fail")).isBetween(8L, 12L);

            other.kill();

            int refused = 0;
            for (Wire wire : waiting) {
                String answer = wire.response();
                assertThat(answer).startsWith("HTTP/1.1 503 ").endsWith("reset reason: connection termination");
                refused++;
                wire.close();
            }
            assertThat(refused).isEqualTo(WAITING);
            for (Wire wire : halved) {
                assertThat(wire.rest()).isEqualTo("half");
                wire.close();
            }
            await().until(() -> starling.stat("http.ingress.downstream_cx_active") == 0);
            assertThat(starling.stat("cluster.up.upstream_rq_active")).isZero();
            assertThat(starling.stat("cluster.up.upstream_cx_active")).isZero();
            starling.terminate();
            assertThat(starling.exit()).isZero();
            assertThat(starling.err()).doesNotContain("Exception", "[error]");
        }
    }
}

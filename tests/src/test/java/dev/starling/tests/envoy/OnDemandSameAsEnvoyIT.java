package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that are asked for when a request or a connection needs them, in the real Envoy and in Starling. */
@Timeout(180)
class OnDemandSameAsEnvoyIT {

    private static final int LINES = 11;

    @TempDir
    Path folder;

    /** Without endpoints: then a request is answered otherwise than without the cluster. */
    private static Cluster cluster(String name, int timeoutMillis) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Durations.fromMillis(timeoutMillis))
                .build();
    }

    private static String exchange(ProxyProcess proxy, String listener, String request) throws IOException {
        try {
            String answer = proxy.exchange(listener, request);
            return answer.replaceAll("(?m)^(date|server|connection|content-length): .*\\R", "");
        } catch (SocketException e) {
            return "closed";
        }
    }

    private static String get(ProxyProcess proxy, String path, String cluster) throws IOException {
        return exchange(
                proxy, "in", "GET " + path + " HTTP/1.1\r\nhost: h\r\n" + cluster + "connection: close\r\n\r\n");
    }

    private static String answers(ProxyProcess proxy) throws IOException {
        return String.join(
                "\n",
                get(proxy, "/", ""),
                get(proxy, "/", "x-cluster: there\r\n"),
                get(proxy, "/", "x-cluster: there\r\n"),
                get(proxy, "/fixed", ""),
                get(proxy, "/", "x-cluster: missing\r\n"),
                get(proxy, "/", "x-cluster: kept\r\n"),
                get(proxy, "/", "x-cluster: bad\r\n"),
                exchange(proxy, "tcp", ""),
                exchange(proxy, "tcp", ""),
                exchange(proxy, "lost", ""),
                exchange(proxy, "kept", ""));
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get(
                "/stats?filter=cluster_manager.(active_clusters%7Ccluster_added%7Cwarming_clusters)%7C"
                        + "odcds.(version$%7Cversion_text%7Cupdate_failure%7Cinit_fetch)%7Con_demand_cluster%7Ccx_no_route%7Chttp.http.no_cluster");
    }

    @Test
    void waitsForAnswersCountsAndLogsTheSame() throws IOException {
        Path envoy = BothProxies.requireEnvoy(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            plane.set("bad", cluster("bad", -1));
            plane.set("fixed", cluster("fixed", 1000));
            plane.set("there", cluster("there", 1000));
            plane.set("tcp", cluster("tcp", 1000));
            plane.keep("kept");
            try (BothProxies proxies =
                    BothProxies.start(envoy, folder, "on-demand-bootstrap.yaml", Map.of("plane", plane.port()))) {
                assertThat(answers(proxies.starling())).isEqualTo(answers(proxies.envoy()));
                proxies.assertAlike(proxy -> proxy.awaitLines("log.txt", LINES));
                proxies.assertAlike(OnDemandSameAsEnvoyIT::stats);
            }
        }
    }
}

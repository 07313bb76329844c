package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the real Envoy and Starling count when a file of clusters is replaced, well and badly. Left out, with a line that
 * says so, where there is no Envoy.
 */
@Timeout(120)
class ClusterFileSameAsEnvoyIT {

    private static final String SCOPE = "cluster_manager.cds.update_";

    private static final String BOOTSTRAP = """
            node: {id: a, cluster: b}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            dynamic_resources: {cds_config: {path_config_source: {path: "{folder}/clusters/cds.yaml"}}}
            """;

    @TempDir
    Path folder;

    private static String clusters(String settings) {
        return """
                resources:
                - {"@type": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: one, %s}
                """.formatted(settings);
    }

    @Test
    void countsTheSame() throws Exception {
        Path binary = EnvoyBinary.require(ClusterFileSameAsEnvoyIT.class);
        String theirs;
        try (var envoy = ProxyProcess.envoy(binary, prepared("envoy"), BOOTSTRAP)) {
            theirs = counted(envoy, folder.resolve("envoy"));
        }

        try (var starling = ProxyProcess.starling(prepared("starling"), BOOTSTRAP)) {
            assertThat(counted(starling, folder.resolve("starling"))).isEqualTo(theirs);
        }
    }

    private Path prepared(String name) throws IOException {
        Path own = folder.resolve(name);
        Files.createDirectories(own.resolve("clusters"));
        Files.createDirectories(own.resolve("elsewhere"));
        Files.writeString(own.resolve("clusters/cds.yaml"), clusters("connect_timeout: 1s"));
        return own;
    }

    private static String counted(ProxyProcess proxy, Path own) throws IOException {
        StringBuilder counted = new StringBuilder();
        awaitAttempts(proxy, 1, counted);
        Path beside = Files.writeString(own.resolve("clusters/new"), clusters("connect_timeout: 2s"));
        move(beside, own, "cds.yaml");
        awaitAttempts(proxy, 2, counted);
        Path elsewhere = own.resolve("elsewhere/new");
        move(Files.writeString(elsewhere, clusters("connect_timeout: 3s")), own, "cds.yaml");
        awaitAttempts(proxy, 3, counted);
        move(Files.writeString(elsewhere, clusters("connect_timeout: 3s")), own, "other.yaml");
        move(Files.writeString(elsewhere, clusters("connect_timeout: 3s")), own, "cds.yaml");
        awaitAttempts(proxy, 4, counted);
        move(Files.writeString(elsewhere, "resources: ["), own, "cds.yaml");
        awaitAttempts(proxy, 5, counted);
        move(Files.writeString(elsewhere, clusters("connect_timeout: 0s")), own, "cds.yaml");
        awaitAttempts(proxy, 6, counted);
        move(Files.writeString(elsewhere, clusters("connect_timeout: 4s")), own, "cds.yaml");
        awaitAttempts(proxy, 7, counted);
        return counted.toString();
    }

    private static void move(Path file, Path own, String name) throws IOException {
        Files.move(file, own.resolve("clusters").resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void awaitAttempts(ProxyProcess proxy, long count, StringBuilder counted) throws IOException {
        Awaitility.await("attempt " + count)
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> proxy.stats().getOrDefault(SCOPE + "attempt", 0L) >= count);
        Map<String, Long> stats = new TreeMap<>();
        proxy.stats().forEach((name, value) -> {
            if (name.startsWith(SCOPE) && !name.endsWith("_time")) {
                stats.put(name, value);
            }
        });
        counted.append(stats).append('\n');
    }
}

package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP filters whose configuration comes by itself, from files, in the real Envoy and in Starling. */
@Timeout(180)
class ExtensionConfigSameAsEnvoyIT {

    private static final String HEALTH_CHECK = """
            {"@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck,
             pass_through_mode: false, headers: [{name: ":path", string_match: {exact: /%s}}]}""";
    private static final String GRPC_WEB =
            "{\"@type\": type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb}";

    @TempDir
    Path folder;

    private void move(String name, int version, String config) throws IOException {
        Path written = Files.writeString(folder.resolve(name + ".next"), """
                version_info: "%d"
                resources:
                - {"@type": type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig, name: %s, typed_config: %s}
                """.formatted(version, name, config));
        Files.move(written, folder.resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static int status(ProxyProcess proxy, String listener, String path) throws IOException {
        var connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + proxy.listener(listener).getPort() + "/" + path)
                        .toURL()
                        .openConnection();
        return connection.getResponseCode();
    }

    private static String answers(ProxyProcess proxy) throws IOException {
        StringBuilder answers = new StringBuilder();
        for (String path : List.of("one", "two", "other")) {
            answers.append(path).append(' ').append(status(proxy, "in", path)).append('\n');
        }
        return answers.append("bad ").append(status(proxy, "bad", "one")).toString();
    }

    /** Envoy refuses a type that is not expected, where we do not use it: the subscription to that one differs. */
    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get(
                "/stats?filter=http_filter.(probe.(config_%7Cupdate_success%7Cupdate_rejected)%7Cother.config_)");
    }

    private static void await(BothProxies proxies, String path, int status) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> status(proxies.envoy(), "in", path) == status
                        && status(proxies.starling(), "in", path) == status);
    }

    @Test
    void waitsForFollowsRefusesAndShowsTheSame() throws IOException {
        Path envoy = EnvoyBinary.require(ExtensionConfigSameAsEnvoyIT.class);
        move("probe", 1, HEALTH_CHECK.formatted("one"));
        move("other", 1, GRPC_WEB);
        try (BothProxies proxies = BothProxies.start(envoy, folder, "ecds-bootstrap.yaml", Map.of("files", folder))) {
            proxies.assertAlike(ExtensionConfigSameAsEnvoyIT::answers);
            proxies.assertAlike(proxy -> proxy.get("/stats?filter=in.extension_config_missing"));

            move("probe", 2, HEALTH_CHECK.formatted("two"));
            await(proxies, "two", 200);
            proxies.assertAlike(ExtensionConfigSameAsEnvoyIT::answers);
            proxies.assertAlike(proxy -> AdminJson.dump(proxy, "EcdsConfigDump", "probe"));
            proxies.assertAlike(ExtensionConfigSameAsEnvoyIT::stats);
        }
    }
}

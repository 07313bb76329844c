package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scoped routes, inline and from files, in the real Envoy and in Starling. */
@Timeout(180)
class ScopedRoutesSameAsEnvoyIT {

    private static final List<String> SCOPES = List.of(
            "v=a", "v=b", "v=b=c", "x;v=a", "v", "V=a", "v=x;v=a", ";a", "x;a", "x;found", "x;found;y", "found", "");

    private static final String SRDS = """
            version_info: "1"
            resources:
            - "@type": type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration
              name: a
              key: {fragments: [{string_key: a}]}
              route_configuration:
                name: brought
                virtual_hosts:
                - {name: all, domains: ["*"], routes: [{name: n3, match: {prefix: /}, direct_response: {status: 203}}]}
            - "@type": type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration
              name: found
              key: {fragments: [{string_key: found}]}
              route_configuration_name: routes
            """;

    private static final String RDS = """
            version_info: "1"
            resources:
            - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
              name: routes
              virtual_hosts:
              - {name: all, domains: ["*"], routes: [{name: n4, match: {prefix: /}, direct_response: {status: 204}}]}
            """;

    @TempDir
    Path folder;

    private static String answers(ProxyProcess proxy) throws IOException {
        StringBuilder answers = new StringBuilder();
        for (String listener : List.of("inline", "found")) {
            for (String scope : SCOPES) {
                answers.append(listener).append(" '").append(scope).append("': ");
                answers.append(answer(proxy, listener, scope)).append('\n');
            }
        }
        return answers.toString();
    }

    /** The status line. */
    private static String answer(ProxyProcess proxy, String listener, String scope) throws IOException {
        try (var socket = new Socket(
                proxy.listener(listener).getAddress(), proxy.listener(listener).getPort())) {
            String request = "GET / HTTP/1.1\r\nhost: h\r\nx-scope: " + scope + "\r\nconnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.lines().findFirst().orElse("nothing");
        }
    }

    private static String logged(ProxyProcess proxy) throws IOException {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> proxy.lines("log.txt").size() >= 2 * SCOPES.size());
        return String.join("\n", proxy.lines("log.txt").subList(0, 2 * SCOPES.size()));
    }

    private static String dump(ProxyProcess proxy) throws IOException {
        return AdminJson.dump(proxy, "ScopedRoutesConfigDump", ".*");
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get("/stats?filter=scoped_rds.*(scopes%7Cconfig_reload%7Cupdate_success%7Cupdate_rejected)$");
    }

    @Test
    void findsTheSameRoutesAndShowsThem() throws IOException {
        Path envoy = BothProxies.requireEnvoy(ScopedRoutesSameAsEnvoyIT.class);
        Files.writeString(folder.resolve("srds.yaml"), SRDS);
        Files.writeString(folder.resolve("rds.yaml"), RDS);
        try (BothProxies proxies = BothProxies.start(envoy, folder, "scoped-bootstrap.yaml", Map.of("files", folder))) {
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::answers);
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::stats);
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::dump);
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::logged);
        }
    }
}

package dev.starling.tests.envoy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
                answers.append(proxy.status(listener, "host: h", "x-scope: " + scope))
                        .append('\n');
            }
        }
        return answers.toString();
    }

    private static String dump(ProxyProcess proxy) throws IOException {
        return AdminJson.dump(proxy, "ScopedRoutesConfigDump", ".*");
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get("/stats?filter=scoped_rds.*(scopes%7Cconfig_reload%7Cupdate_success%7Cupdate_rejected)$");
    }

    @Test
    void findsTheSameRoutesAndShowsThem() throws IOException {
        Path envoy = EnvoyBinary.require(ScopedRoutesSameAsEnvoyIT.class);
        Files.writeString(folder.resolve("srds.yaml"), SRDS);
        Files.writeString(folder.resolve("rds.yaml"), RDS);
        try (BothProxies proxies = BothProxies.start(envoy, folder, "scoped-bootstrap.yaml", Map.of("files", folder))) {
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::answers);
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::stats);
            proxies.assertAlike(ScopedRoutesSameAsEnvoyIT::dump);
            proxies.assertAlike(proxy -> proxy.awaitLines("log.txt", 2 * SCOPES.size()));
        }
    }
}

package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What routes say of filters ({@code typed_per_filter_config}), in the real Envoy and in Starling. */
@Timeout(300)
class FilterOverridesSameAsEnvoyIT {

    private static final String ROUTES = OwnPlane.typeUrl(RouteConfiguration.getDefaultInstance());

    @TempDir
    Path folder;

    private interface Start {
        ProxyProcess with(String bootstrap) throws IOException;
    }

    private static void serve(OwnPlane plane) {
        plane.set("asking", FilterOverrideRoutes.routes("asking", null));
        plane.set("silent", FilterOverrideRoutes.routes("silent", null));
        plane.set("config", FilterOverrideRoutes.routes("config", FilterOverrideRoutes.NOT));
        plane.set("disabled", FilterOverrideRoutes.routes("disabled", FilterOverrideRoutes.OFF));
        plane.set("enabling", FilterOverrideRoutes.enabling());
        plane.set("judged", FilterOverrideRoutes.judged(FilterOverrideRoutes.NOT));
        plane.set(
                "hosted",
                RouteConfiguration.newBuilder()
                        .setName("hosted")
                        .setVhds(Vhds.newBuilder().setConfigSource(FilterOverrideRoutes.ADS))
                        .build());
        for (String word : FilterOverrideRoutes.WORDS.keySet()) {
            plane.set(
                    word,
                    ScopedRouteConfiguration.newBuilder()
                            .setName(word)
                            .setRouteConfigurationName("of-scope")
                            .setKey(ScopedRouteConfiguration.Key.newBuilder()
                                    .addFragments(ScopedRouteConfiguration.Key.Fragment.newBuilder()
                                            .setStringKey(word)))
                            .build());
        }
        plane.set("of-scope", FilterOverrideRoutes.routes("of-scope", null));
        plane.onDemand(FilterOverridesSameAsEnvoyIT::asked);
    }

    /** Hosts say of the filter what they are called; clusters have no endpoints, so that they answer otherwise than none. */
    private static Optional<Resource> asked(String name) {
        if (name.startsWith("hosted/")) {
            return Optional.of(Resource.newBuilder()
                    .setName(name)
                    .setVersion("1")
                    .addAliases(name)
                    .setResource(Any.pack(FilterOverrideRoutes.host("hosted", name.substring("hosted/".length()))))
                    .build());
        }
        return Optional.of(Resource.newBuilder()
                .setName(name)
                .setVersion("1")
                .setResource(Any.pack(Cluster.newBuilder()
                        .setName(name)
                        .setConnectTimeout(Durations.fromSeconds(1))
                        .build()))
                .build());
    }

    private static String listener(String name, String routes, boolean asks) {
        return """
              - name: %s
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      delayed_close_timeout: 0s
                      access_log:
                      - name: log
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                          path: "{folder}/log.txt"
                          log_format: {text_format_source: {inline_string: "%%REQ(:AUTHORITY)%% %%REQ(:PATH)%% %%RESPONSE_CODE%% %%RESPONSE_FLAGS%% %%RESPONSE_CODE_DETAILS%% %%UPSTREAM_CLUSTER%%\\n"}}
                      %s
                      http_filters:
                      - name: on-demand
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.OnDemand%s}
                      - name: health
                        disabled: true
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck
                          pass_through_mode: false
                      - name: router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """.formatted(
                name, routes, asks ? ", odcds: {source: {ads: {}, resource_api_version: V3}, timeout: 1s}" : "");
    }

    private static String found(String name) {
        return listener(
                name,
                "rds: {route_config_name: " + name + ", config_source: {ads: {}, resource_api_version: V3}}",
                !name.equals("silent"));
    }

    private static String listeners() {
        return List.of("asking", "silent", "config", "disabled", "enabling", "hosted", "judged").stream()
                        .map(FilterOverridesSameAsEnvoyIT::found)
                        .reduce("", String::concat)
                + listener(
                        "of-scope",
                        "scoped_routes: {name: scoped, scope_key_builder: {fragments: [{header_value_extractor: {name: Host,"
                                + " index: 0}}]}, rds_config_source: {ads: {}, resource_api_version: V3},"
                                + " scoped_rds: {scoped_rds_config_source: {ads: {}, resource_api_version: V3}}}",
                        true)
                + listener(
                        "static",
                        "route_config: {name: static, validate_clusters: false, virtual_hosts: [{name: all, domains: ['*'],"
                                + " typed_per_filter_config: {on-demand: {'@type':"
                                + " type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.PerRouteConfig}}, routes:"
                                + " [{match: {path: /plain}, route: {cluster: static-plain}},"
                                + " {match: {path: /asks}, route: {cluster: static-asks}, typed_per_filter_config: {on-demand:"
                                + " {'@type': type.googleapis.com/envoy.config.route.v3.FilterConfig, config: {'@type':"
                                + " type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.PerRouteConfig, odcds:"
                                + " {source: {ads: {}, resource_api_version: V3}}}}}}]}]}",
                        true);
    }

    // ---- what is compared -----------------------------------------------------------------------------------------

    private static String get(ProxyProcess proxy, String listener, String host, String path) throws IOException {
        String answer = proxy.exchange(
                listener, "GET /" + path + " HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n\r\n");
        return listener + " " + host + " " + path + ": "
                + answer.lines().findFirst().orElse("nothing") + " " + answer.substring(answer.lastIndexOf('\n') + 1);
    }

    private static List<String> answers(ProxyProcess proxy) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String listener : List.of("asking", "silent", "config", "disabled", "of-scope", "hosted")) {
            for (String host : List.of("plain", "asks", "not", "off")) {
                for (Route route : FilterOverrideRoutes.host(listener, host).getRoutesList()) {
                    answers.add(get(
                            proxy, listener, host, route.getMatch().getPath().substring(1)));
                }
            }
        }
        for (VirtualHost host : FilterOverrideRoutes.enabling().getVirtualHostsList()) {
            for (Route route : host.getRoutesList()) {
                answers.add(get(
                        proxy,
                        "enabling",
                        host.getName(),
                        route.getMatch().getPath().substring(1)));
            }
        }
        answers.add(get(proxy, "enabling", "on", "no-route"));
        answers.add(get(proxy, "static", "any", "plain"));
        answers.add(get(proxy, "static", "any", "asks"));
        return answers;
    }

    private static List<String> verdicts(OwnPlane plane) {
        List<String> verdicts = new ArrayList<>();
        FilterOverrideRoutes.candidates().forEach((name, said) -> {
            int before = plane.verdicts(ROUTES).size();
            plane.set("judged", FilterOverrideRoutes.judged(said));
            Awaitility.await(name)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> plane.verdicts(ROUTES).size() > before);
            verdicts.add(name + (plane.verdicts(ROUTES).get(before).isEmpty() ? " taken" : " refused"));
        });
        return verdicts;
    }

    private static List<String> told(Start start) throws IOException {
        try (OwnPlane plane = OwnPlane.start()) {
            serve(plane);
            String bootstrap = BothProxies.resource("filter-overrides-bootstrap.yaml")
                    .replace("{plane}", Integer.toString(plane.port()))
                    .replace("{listeners}", listeners());
            try (ProxyProcess proxy = start.with(bootstrap)) {
                List<String> told = answers(proxy);
                told.addAll(proxy.awaitLines("log.txt", told.size())
                        .lines()
                        .sorted()
                        .toList());
                told.addAll(verdicts(plane));
                told.add(proxy.get("/stats?filter=cluster_manager.(active_clusters%7Ccluster_added)"));
                return told;
            }
        }
    }

    @Test
    void routesSayTheSameOfFilters() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        List<String> theirs = told(bootstrap -> ProxyProcess.envoy(envoy, folder.resolve("envoy"), bootstrap));
        List<String> ours = told(bootstrap -> ProxyProcess.starling(folder.resolve("starling"), bootstrap));

        assertThat(ours).containsExactlyElementsOf(theirs);
        assertThat(theirs)
                .contains("of no filter refused", "of no filter, optional taken", "of no filter, disabled taken")
                .anyMatch(line -> line.startsWith("plain /by-type 503 UH "))
                .anyMatch(line -> line.startsWith("plain /not 503 NC "));
    }
}

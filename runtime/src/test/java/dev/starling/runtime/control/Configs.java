package dev.starling.runtime.control;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.NodeOverrides;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.runtime.BuiltInExtensions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Configurations as people write them. */
public final class Configs {

    public static final ExtensionRegistry EXTENSIONS =
            BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();

    /** With what extensions of tests are configured by. */
    private static final FieldSupport FIELDS = FieldSupport.builtIn().plus("tests", "[google.protobuf.Empty]\n");

    private Configs() {}

    public static Bootstrap bootstrap(String yaml) {
        return bootstrap(EXTENSIONS, yaml);
    }

    private static Bootstrap bootstrap(ExtensionRegistry extensions, String yaml) {
        try {
            return loader(extensions)
                    .load(List.of(ConfigText.yaml("test.yaml", yaml)), UnknownFields.REJECT, NodeOverrides.NONE)
                    .bootstrap();
        } catch (InvalidConfigException wrong) {
            throw new AssertionError(wrong);
        }
    }

    public static ConfigLoader loader() {
        return loader(EXTENSIONS);
    }

    /** With extensions of a test. */
    public static ConfigLoader loader(ExtensionRegistry extensions) {
        return new ConfigLoader(new ConfigReader(FIELDS, Map.of()), extensions);
    }

    /** Of parts that were made below. */
    public static Bootstrap bootstrap(List<String> listeners, List<String> clusters) {
        return bootstrap(EXTENSIONS, listeners, clusters);
    }

    /** With extensions of a test. */
    public static Bootstrap bootstrap(ExtensionRegistry extensions, List<String> listeners, List<String> clusters) {
        return bootstrap(extensions, "static_resources:\n" + list("listeners", listeners) + list("clusters", clusters));
    }

    private static String list(String field, List<String> elements) {
        return "  " + field + ":" + (elements.isEmpty() ? " []\n" : "\n" + String.join("", elements));
    }

    /** One listener of a bootstrap, as an update would bring it. */
    public static Listener listener(String yaml) {
        return bootstrap(List.of(yaml), List.of()).listeners().getFirst();
    }

    /** One cluster of a bootstrap, as an update would bring it. */
    public static Cluster cluster(String yaml) {
        return bootstrap(List.of(), List.of(yaml)).clusters().getFirst();
    }

    /** A listener on a free port of loopback, with one filter chain that sends everything to the cluster. */
    public static String httpListener(String name, String cluster) {
        return httpListener(name, 0, chain("", cluster, "v1"));
    }

    public static String httpListener(String name, int port, String... chains) {
        return """
              - name: %s
                address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                filter_chains:
            %s""".formatted(name, port, String.join("", chains)).indent(0);
    }

    /** @param version told in each response, so that each version differs */
    public static String chain(String match, String cluster, String version) {
        return """
                - filter_chain_match: {%s}
                  filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: ingress
                      route_config:
                        name: local
                        response_headers_to_add: [{header: {key: x-version, value: "%s"}}]
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes: [{match: {prefix: /}, route: {cluster: "%s"}}]
                      http_filters:
                      - name: router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """.formatted(match, version, cluster).indent(0);
    }

    /** A cluster of these endpoints. */
    public static String cluster(String name, InetSocketAddress... endpoints) {
        return cluster(name, "", endpoints);
    }

    /** @param settings further fields in flow style, such as {@code connect_timeout: 1s} */
    public static String cluster(String name, String settings, InetSocketAddress... endpoints) {
        StringBuilder lbEndpoints = new StringBuilder();
        for (InetSocketAddress endpoint : endpoints) {
            lbEndpoints.append("{endpoint: {address: {socket_address: {address: %s, port_value: %d}}}},"
                    .formatted(endpoint.getAddress().getHostAddress(), endpoint.getPort()));
        }
        return "  - {name: %s, type: STATIC, load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [%s]}]}%s}\n"
                .formatted(name, name, lbEndpoints, settings.isEmpty() ? "" : ", " + settings);
    }
}

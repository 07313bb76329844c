package dev.starling.config.proto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Configurations that are refused and what is said of them. The syntax is described in {@code refused-clusters.txt}. */
enum Table {
    CLUSTERS("refused-clusters.txt", "static_resources.clusters[0].") {
        @Override
        String bootstrap(String fields) {
            return "static_resources: {clusters: [{name: c, " + fields + "}]}";
        }
    },
    LISTENERS("refused-listeners.txt", "static_resources.listeners[0].") {
        @Override
        String bootstrap(String fields) {
            String address = fields.startsWith("address:")
                    ? ""
                    : "address: {socket_address: {address: 127.0.0.1, port_value: 0}}, ";
            return "static_resources: {listeners: [{name: l, " + address + fields + "}]}";
        }
    },
    ROUTE_ACTIONS(
            "refused-route-actions.txt",
            "static_resources.listeners[0].filter_chains[0].filters[0].typed_config"
                    + ".route_config.virtual_hosts[0].routes[0].route.") {
        @Override
        String bootstrap(String fields) {
            return LISTENERS.bootstrap("filter_chains: [{filters: [{name: h, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                    + " stat_prefix: s, http_filters: [{name: r, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}], route_config: {virtual_hosts:"
                    + " [{name: v, domains: [\"*\"], routes: [{match: {prefix: /}, route: {cluster_header: c, " + fields
                    + "}}]}]}}}]}]");
        }
    },
    BOOTSTRAPS("refused-bootstraps.txt", "") {
        @Override
        String bootstrap(String fields) {
            return "{" + fields + "}";
        }
    };

    private static final String ECHO = "{name: e, typed_config: {\"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}";

    private final String resource;
    private final String place;

    Table(String resource, String place) {
        this.resource = resource;
        this.place = place;
    }

    /** @param problems each with its path */
    record Row(String bootstrap, boolean envoyAccepts, List<String> problems) {
        @Override
        public String toString() {
            return bootstrap;
        }
    }

    abstract String bootstrap(String fields);

    Stream<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        try (var table = Table.class.getResourceAsStream(resource)) {
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> add(rows, line));
        }
        return rows.stream();
    }

    private void add(List<Row> rows, String line) {
        if (line.startsWith("  ")) {
            rows.getLast().problems().add(place + line.strip());
        } else {
            boolean envoyAccepts = line.startsWith("~ ");
            String fields = line.substring(envoyAccepts ? 2 : 0).replace("@echo", ECHO);
            rows.add(new Row(bootstrap(fields), envoyAccepts, new ArrayList<>()));
        }
    }
}

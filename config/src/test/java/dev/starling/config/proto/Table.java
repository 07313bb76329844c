package dev.starling.config.proto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads tables of configurations and what is said of them: blocks of a first line and indented ones. */
final class Table {

    private static final String ECHO = "{name: e, typed_config: {\"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}";

    private Table() {}

    record Row(String config, List<String> said) {
        @Override
        public String toString() {
            return config;
        }
    }

    static Stream<Row> rows(String resource) throws IOException {
        var rows = new ArrayList<Row>();
        try (var table = Table.class.getResourceAsStream(resource)) {
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> add(rows, line));
        }
        return rows.stream();
    }

    private static void add(List<Row> rows, String line) {
        if (line.startsWith("  ")) {
            rows.getLast().said().add(line.strip());
        } else {
            String config = line.startsWith("~ ") ? line.substring(2) : line;
            rows.add(new Row(config.replace("@echo", ECHO), new ArrayList<>()));
        }
    }
}

package dev.starling.tests.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Value;
import dev.starling.tests.process.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a control plane has made of a proxy, as lines to compare: what it shows, and what it answers. */
final class DrivenState {

    static final String REFUSED = " refused";

    /** Envoy may give a listener on a port of the system's choice the socket of one that drains and another that goes on. */
    static final String SHARED = " has the socket of another";

    private static final Pattern SHOWN =
            Pattern.compile(".*::(health_flags|weight|zone|priority|added_via_api|max_requests)::.*");

    private static final Pattern ROUTES =
            Pattern.compile("\"route_config_name\"\\s+value \\{\\s+string_value: \"(.*)\"");

    private static final Pattern LISTENER = Pattern.compile("^(.+)::127\\.0\\.0\\.1:(\\d+)$", Pattern.MULTILINE);

    private final ProxyProcess proxy;
    private final int requests;
    private final Set<String> routes = new HashSet<>();
    private final List<String> lines = new ArrayList<>();

    private DrivenState(ProxyProcess proxy, int requests) {
        this.proxy = proxy;
        this.requests = requests;
    }

    /** @param requests how often each host of each listener is asked */
    static String of(ProxyProcess proxy, int requests) throws IOException {
        var state = new DrivenState(proxy, requests);
        state.configuration();
        Collections.sort(state.lines);
        state.clusters();
        state.answers();
        return String.join("\n", state.lines);
    }

    private void configuration() throws IOException {
        for (Value config : AdminJson.read(proxy.get("/config_dump?include_eds"))
                .getFieldsOrThrow("configs")
                .getListValue()
                .getValuesList()) {
            Struct dump = config.getStructValue();
            if (dump.containsFields("version_info")) {
                lines.add(text(dump, "@type") + " " + text(dump, "version_info"));
            }
            dump.getFieldsMap().forEach((field, list) -> {
                if (field.startsWith("dynamic_")) {
                    list.getListValue().getValuesList().forEach(each -> resource(field, each.getStructValue()));
                }
            });
        }
    }

    private void resource(String field, Struct shown) {
        switch (field) {
            case "dynamic_active_clusters", "dynamic_warming_clusters" ->
                lines.add(field + " " + name(shown, "cluster") + " " + text(shown, "version_info"));
            case "dynamic_listeners" -> listener(text(shown, "name"), shown);
            case "dynamic_route_configs" -> {
                String name = name(shown, "route_config");
                if (routes.contains(
                        name)) { // not of what only drains, for which Envoy may have kept an earlier version
                    lines.add(field + " " + name + " " + content(shown, "route_config"));
                }
            }
            case "dynamic_endpoint_configs" -> lines.add(field + " " + name(shown, "endpoint_config"));
            default -> throw new IllegalArgumentException(field);
        }
    }

    /**
     * What it is to be: Envoy goes on to show what is replaced, as long as it is. The content tells which one it is, as Envoy
     * leaves the version of one that is updated in place. What is refused has no name there if it was never taken.
     */
    private void listener(String name, Struct shown) {
        String state = shown.containsFields("warming_state") ? "warming_state" : "active_state";
        if (shown.containsFields(state)) {
            Struct version = shown.getFieldsOrThrow(state).getStructValue();
            boolean refused = shown.containsFields("error_state");
            lines.add("listener " + name + " " + state + " " + content(version, "listener") + (refused ? REFUSED : ""));
            ROUTES.matcher(TextFormat.printer().printToString(version))
                    .results()
                    .forEach(found -> routes.add(found.group(1)));
        }
    }

    private static String name(Struct shown, String field) {
        Struct inner = shown.getFieldsOrThrow(field).getStructValue();
        return inner.containsFields("name") ? text(inner, "name") : text(inner, "cluster_name");
    }

    private static int content(Struct shown, String field) {
        return TextFormat.printer().printToString(shown.getFieldsOrThrow(field)).hashCode();
    }

    private static String text(Struct shown, String field) {
        return shown.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }

    private void clusters() throws IOException {
        proxy.get("/clusters")
                .lines()
                .filter(line -> SHOWN.matcher(line).matches())
                .sorted()
                .forEach(lines::add);
    }

    private void answers() throws IOException {
        var listeners = new TreeMap<String, Integer>();
        var matcher = LISTENER.matcher(proxy.get("/listeners"));
        while (matcher.find()) {
            listeners.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
        for (var listener : listeners.entrySet()) {
            if (Collections.frequency(listeners.values(), listener.getValue()) > 1) {
                lines.add(listener.getKey() + SHARED);
                continue;
            }
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getValue());
            try (Wire wire = Wire.connect(address)) {
                for (String host : List.of("a.test", "b.test", "c.test")) {
                    Set<String> answers = new TreeSet<>();
                    for (int i = 0; i < requests; i++) {
                        wire.send("GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n");
                        answers.add(answer(wire.response()));
                    }
                    lines.add(listener.getKey() + " " + host + " " + answers);
                }
            }
        }
    }

    /** Status and body: which endpoint it was. */
    private static String answer(String response) {
        return response.substring(9, 12) + response.substring(response.indexOf("\r\n\r\n") + 4);
    }
}

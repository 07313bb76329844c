package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A listener whose connection manager has options of its own, and the exchanges that show what they do. Requests ask for
 * the end of the connection unless it is the point, so that a case need not wait whether more comes.
 */
final class OptionListener {

    private static final String ROUTES = """
            virtual_hosts:
              - name: all
                domains: ["*"]
                routes:
                  - match: {prefix: "/direct"}
                    name: direct
                    direct_response: {status: 418, body: {inline_string: "short and stout"}}
                  - match: {prefix: "/moved"}
                    redirect: {path_redirect: "/new"}
                  - match: {prefix: "/none"}
                    route: {cluster: empty}
                  - match: {prefix: "/up"}
                    name: up
                    route: {cluster: up}
            """;

    private final String name;
    private final String options;
    private String routes = ROUTES;
    private String filters = "";
    private String router = "";
    private final List<ExchangeCase> cases = new ArrayList<>();

    /** @param options fields of the connection manager, as YAML */
    OptionListener(String name, String options) {
        this.name = name;
        this.options = options;
    }

    /** @param yaml fields of the route configuration, instead of a few plain routes */
    OptionListener routes(String yaml) {
        routes = yaml;
        return this;
    }

    /** @param yaml what stands before the router */
    OptionListener filters(String yaml) {
        filters = yaml;
        return this;
    }

    /** @param yaml fields of the router */
    OptionListener router(String yaml) {
        router = yaml;
        return this;
    }

    OptionListener add(String about, String request, String answer) {
        cases.add(new ExchangeCase(name, name + ": " + about, request, answer));
        return this;
    }

    OptionListener get(String about, String path, String... headers) {
        return add(about, closing("GET", path, headers), OK);
    }

    OptionListener head(String about, String path, String... headers) {
        return add(about, closing("HEAD", path, headers), "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
    }

    OptionListener host(String about, String host) {
        return add(about, "GET /up HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n\r\n", OK);
    }

    OptionListener answered(String about, String answer) {
        return add(about, closing("GET", "/up"), answer);
    }

    static String closing(String method, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("connection: close");
        return ExchangeCase.head(method, path, all.toArray(String[]::new));
    }

    List<ExchangeCase> cases() {
        return cases;
    }

    /** What a bootstrap with these listeners has in braces. */
    static Map<String, Object> values(List<OptionListener> listeners, ScriptedUpstream upstream) {
        String yaml = listeners.stream().map(OptionListener::yaml).collect(Collectors.joining());
        return Map.of("upstream", upstream.port(), "options", yaml.indent(4));
    }

    private String yaml() {
        try {
            return BothProxies.resource("option-listener.yaml")
                    .replace("{name}", name)
                    .replace("{options}", options.indent(12))
                    .replace("{routes}", routes.indent(14))
                    .replace("{filters}", filters.indent(14))
                    .replace("{router}", router.indent(18));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

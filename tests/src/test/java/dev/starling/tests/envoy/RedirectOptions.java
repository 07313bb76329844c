package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.OptionListener.closing;

import java.util.ArrayList;
import java.util.List;

/** Where redirects lead. */
final class RedirectOptions {

    private static final List<String> ACTIONS = List.of(
            "{}",
            "{https_redirect: true}",
            "{scheme_redirect: ftp}",
            "{scheme_redirect: http}",
            "{host_redirect: b.test}",
            "{host_redirect: \"b.test:81\"}",
            "{port_redirect: 82}",
            "{https_redirect: true, port_redirect: 443}",
            "{host_redirect: \"b.test:81\", port_redirect: 83}",
            "{path_redirect: /p}",
            "{path_redirect: \"/p?own=1\"}",
            "{path_redirect: \"/p?own=1\", strip_query: true}",
            "{path_redirect: p}",
            "{path_redirect: /p, strip_query: true}",
            "{strip_query: true}",
            "{prefix_rewrite: /new}",
            "{prefix_rewrite: \"/\"}",
            "{prefix_rewrite: \"\"}",
            "{prefix_rewrite: \"/new?x\"}",
            "{prefix_rewrite: /new, strip_query: true}",
            "{regex_rewrite: {pattern: {regex: \"^/[0-9]+/([a-z]+)\"}, substitution: '/\\1/\\0'}}",
            "{regex_rewrite: {pattern: {regex: \"x\"}, substitution: '/y'}, strip_query: true}",
            "{response_code: FOUND}",
            "{response_code: SEE_OTHER}",
            "{response_code: TEMPORARY_REDIRECT}",
            "{response_code: PERMANENT_REDIRECT, host_redirect: \"[::1]:9\", path_redirect: \"/\"}");

    private RedirectOptions() {}

    static List<OptionListener> listeners() {
        List<String> routes = new ArrayList<>();
        for (int i = 0; i < ACTIONS.size(); i++) {
            routes.add("      - {match: {prefix: /%d/}, redirect: %s}\n".formatted(i + 10, ACTIONS.get(i)));
        }
        OptionListener listener = new OptionListener("redirects", "").routes("""
                virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                """ + String.join("", routes));
        for (int i = 0; i < ACTIONS.size(); i++) {
            String path = "/" + (i + 10) + "/abc";
            String about = ACTIONS.get(i);
            listener.get(about + " with a query", path + "?q=x#f")
                    .add(about + " with port 443", request(path, "a.test:443", "x-forwarded-proto: https"), OK)
                    .add(about + " with another port", request(path, "[::1]:8080"), OK);
        }
        return List.of(listener.head("head", "/10/a")
                .add("post", closing("POST", "/10/a", "content-length: 0"), OK)
                .add(
                        "absolute form",
                        "GET http://c.test/11/abc HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n",
                        OK));
    }

    private static String request(String path, String host, String... headers) {
        return closing("GET", path, headers).replace("host: a.test", "host: " + host);
    }
}

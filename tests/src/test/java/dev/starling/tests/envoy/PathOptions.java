package dev.starling.tests.envoy;

import java.util.List;

/** What is done to paths and hosts before they are matched. */
final class PathOptions {

    private PathOptions() {}

    static List<OptionListener> listeners() {
        String unescape = "path_with_escaped_slashes_action: UNESCAPE_AND_";
        return List.of(
                paths("normalize", "normalize_path: true"),
                paths("merge", "merge_slashes: true"),
                paths("keep-slashes", "path_with_escaped_slashes_action: KEEP_UNCHANGED\nnormalize_path: true"),
                paths("reject-slashes", "path_with_escaped_slashes_action: REJECT_REQUEST"),
                paths("redirect-slashes", unescape + "REDIRECT"),
                paths("forward-slashes", unescape + "FORWARD"),
                paths("redirect-all", unescape + "REDIRECT\nnormalize_path: true\nmerge_slashes: true"),
                paths("forward-all", unescape + "FORWARD\nnormalize_path: true\nmerge_slashes: true"),
                hosts("strip-any-port", "strip_any_host_port: true"),
                hosts("strip-matching-port", "strip_matching_host_port: true"),
                hosts("strip-dot", "strip_trailing_host_dot: true"),
                hosts("ignore-port", "").routes("ignore_port_in_host_matching: true\n" + DOMAINS),
                hosts("keep-port", "")
                        .host("port that is a word", "a.test:http")
                        .host("port that is too high", "a.test:99999")
                        .host("user", "user@a.test")
                        .host("empty host", ""));
    }

    private static final String DOMAINS = """
            virtual_hosts:
              - name: exact
                domains: ["a.test", "a.test:81"]
                routes: [{match: {prefix: "/"}, name: exact, route: {cluster: up}}]
              - name: suffix
                domains: ["*.a.test", "*-x.a.test"]
                routes: [{match: {prefix: "/"}, name: suffix, route: {cluster: up}}]
              - name: prefix
                domains: ["a.*", "a.b.*"]
                routes: [{match: {prefix: "/"}, name: prefix, route: {cluster: up}}]
              - name: long-suffix
                domains: ["*.b.a.test"]
                routes: [{match: {prefix: "/other"}, name: long-suffix, route: {cluster: up}}]
            """;

    private static OptionListener paths(String name, String options) {
        OptionListener listener = new OptionListener(name, options);
        for (String path : List.of(
                "/up/../up/a",
                "/up/./a",
                "/up/%2e%2E/up",
                "/up//a///b",
                "//up",
                "/up/a//",
                "/up/..",
                "/..",
                "/../../up",
                "/u%70/a%7Eb",
                "/up/%41%c3%a9%zz",
                "/up/%",
                "/up\\a",
                "/up/..\\up",
                "/up/%2Fa%5cb",
                "/up%2f..%2fup",
                "/up/a%2F%2Fb?x=%2F",
                "/up?x=/../y//z",
                "/up/a/..;x/b",
                "/up/#/../x",
                "/up/%00",
                "/up/\"<>{}|^`",
                "//",
                "/%2f",
                "/up/a/./",
                "/up/a/b/../..",
                "/up/...")) {
            listener.get(path, path);
        }
        return listener.add("asterisk", OptionListener.closing("OPTIONS", "*"), ExchangeCase.OK);
    }

    private static OptionListener hosts(String name, String options) {
        OptionListener listener = new OptionListener(name, options).routes(DOMAINS);
        for (String host : List.of(
                "a.test",
                "A.TEST",
                "a.test:80",
                "a.test:81",
                "a.test:{port}",
                "a.test.",
                "a.test.:80",
                "a.test.:{port}",
                "a.test..",
                "x.a.test:80",
                "y-x.a.test",
                "x.b.a.test",
                ".a.test",
                "a.b.c",
                "a.",
                "[::1]:80",
                "[::1]",
                "[::1]:{port}",
                "a.test:",
                "a.test:080",
                "a test",
                "other.test")) {
            listener.host("host " + host, host);
        }
        return listener;
    }
}

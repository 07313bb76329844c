package dev.starling.tests.envoy;

import java.util.List;

/** What a route makes of the target and the host. */
final class RewriteOptions {

    private RewriteOptions() {}

    static List<OptionListener> listeners() {
        return List.of(paths(), hosts());
    }

    private static OptionListener paths() {
        OptionListener listener = new OptionListener("rewrite-path", "").routes("""
                virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                      - {match: {prefix: /a/}, route: {cluster: up, prefix_rewrite: /}}
                      - {match: {prefix: /b}, route: {cluster: up, prefix_rewrite: /}}
                      - {match: {path: /c}, route: {cluster: up, prefix_rewrite: "/d?own"}}
                      - {match: {path_separated_prefix: /e/f}, route: {cluster: up, prefix_rewrite: /}}
                      - {match: {path_separated_prefix: /g}, route: {cluster: up, prefix_rewrite: /h}}
                      - {match: {prefix: /i, case_sensitive: false}, route: {cluster: up, prefix_rewrite: /j}}
                      - {match: {safe_regex: {regex: "/k/.*"}}, route: {cluster: up, prefix_rewrite: /l}}
                      - {match: {prefix: /m}, route: {cluster: up, regex_rewrite: {pattern: {regex: "/"}, substitution: "//"}}}
                      - {match: {prefix: /n}, route: {cluster: up, regex_rewrite: {pattern: {regex: "([a-z])([0-9])"}, substitution: '\\2\\1\\\\'}}}
                      - {match: {prefix: /o}, route: {cluster: up, regex_rewrite: {pattern: {regex: "^/o"}, substitution: ""}}}
                      - {match: {prefix: /p}, route: {cluster: up, regex_rewrite: {pattern: {regex: "x*"}, substitution: "-"}}}
                """);
        for (String path : List.of(
                "/a/x?y",
                "/a/",
                "/a//x",
                "/b",
                "/bx",
                "/b/x",
                "/b?x",
                "/c",
                "/c?x",
                "/e/f",
                "/e/f/g?h",
                "/g",
                "/g/x",
                "/g?x",
                "/IX?y",
                "/k/x?y",
                "/m/x?/y/",
                "/n/a1b2?c3",
                "/o",
                "/ox?y",
                "/o/x",
                "/p/axxb?x",
                "/g#f")) {
            listener.get(path, path);
        }
        return listener.get("client's own original path", "/b/x", "x-envoy-original-path: /mine");
    }

    private static OptionListener hosts() {
        return new OptionListener("rewrite-host", "")
                .routes("""
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                              - {match: {prefix: /a}, route: {cluster: up, host_rewrite_literal: "in.test:8"}}
                              - {match: {prefix: /b}, route: {cluster: up, host_rewrite_header: x-host}}
                              - {match: {prefix: /c}, route: {cluster: up, host_rewrite_path_regex: {pattern: {regex: "^/c/(.+)/.*$"}, substitution: '\\1.test'}}}
                              - {match: {prefix: /d}, route: {cluster: up, auto_host_rewrite: true}}
                              - {match: {prefix: /e}, route: {cluster: named, auto_host_rewrite: true, append_x_forwarded_host: true}}
                              - {match: {prefix: /f}, route: {cluster: up, host_rewrite_literal: in.test, append_x_forwarded_host: true}}
                              - {match: {prefix: /g}, route: {cluster: up, append_x_forwarded_host: true}}
                              - {match: {prefix: /h}, route: {cluster: up, host_rewrite_header: ":path", append_x_forwarded_host: true}}
                        """)
                .get("literal", "/a")
                .get("literal, original told", "/a", "x-envoy-original-host: mine", "x-forwarded-host: b.test")
                .get("header", "/b", "x-host: h.test")
                .get("no header", "/b")
                .get("empty header", "/b", "x-host:")
                .get("two headers", "/b", "x-host: h.test", "x-host: i.test")
                .get("path", "/c/there/x?y/z")
                .get("path that does not match", "/c/there")
                .get("address", "/d")
                .get("name", "/e")
                .get("name, forwarded told", "/e", "x-forwarded-host: b.test, c.test")
                .get("forwarded", "/f")
                .get("forwarded told", "/f", "x-forwarded-host: b.test")
                .get("same forwarded told", "/f", "x-forwarded-host: b.test,a.test")
                .get("same forwarded told with a space", "/f", "x-forwarded-host: b.test, a.test")
                .get("two lines of forwarded told", "/f", "x-forwarded-host: b.test", "x-forwarded-host: c.test")
                .get("empty forwarded told", "/f", "x-forwarded-host:")
                .get("forwarded, but not rewritten", "/g")
                .get("path as a host", "/h");
    }
}

package dev.starling.tests.envoy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A route for each case, in a virtual host with all cases that want it the same. */
record RetryRoutes(List<RetryCase> cases) {

    RetryStage stage(RetryCase each, ProxyProcess proxy, RetryUpstreams upstreams) {
        List<String> hosts = List.copyOf(byHost().keySet());
        return new RetryStage(proxy, upstreams, each, host(hosts.indexOf(each.host())), path(each));
    }

    /** A list of virtual hosts. */
    String yaml() {
        StringBuilder yaml = new StringBuilder();
        int host = 0;
        for (var each : byHost().entrySet()) {
            yaml.append("- {name: h%d, domains: [%s, '%s:443']%s, routes: [\n"
                    .formatted(host, host(host), host(host), more(each.getKey())));
            each.getValue().forEach(one -> yaml.append(route(one)));
            yaml.append("  ]}\n");
            host++;
        }
        return yaml.toString().indent(18).strip();
    }

    private Map<String, List<RetryCase>> byHost() {
        return cases.stream().collect(Collectors.groupingBy(RetryCase::host, LinkedHashMap::new, Collectors.toList()));
    }

    private String route(RetryCase each) {
        String match =
                each.match().startsWith("connect_matcher") ? each.match() : "path: " + path(each) + more(each.match());
        return "  {match: {%s}%s, route: {cluster: %s%s}},\n"
                .formatted(match, more(each.route()), each.cluster(), more(each.action()));
    }

    private static String more(String fields) {
        return fields.isEmpty() ? "" : ", " + fields;
    }

    private String path(RetryCase each) {
        return "/" + cases.indexOf(each);
    }

    private static String host(int index) {
        return "h" + index + ".test";
    }
}

package dev.starling.launcher.log;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Envoy's loggers, and which of our packages log under each.
 *
 * <p>All of Envoy's names are known, because control planes set their levels on the command line and by
 * {@code /logging}; one without a package here keeps its level and has nothing to say.
 */
final class LogComponent {

    /** Takes whatever no other component claims, third-party libraries above all. */
    static final String MISC = "misc";

    private static final List<String> SILENT = List.of(
            "a2a",
            "ai_protocol_manager",
            "alternate_protocols_cache",
            "aws",
            "assert",
            "backtrace",
            "basic_auth",
            "cache_filter",
            "client",
            "compression",
            "credential_injector",
            "decompression",
            "dubbo",
            "envoy_bug",
            "ext_authz",
            "ext_proc",
            "rocketmq",
            "forward_proxy",
            "geolocation",
            "grpc",
            "happy_eyeballs",
            "health_checker",
            "http2",
            "hystrix",
            "jwt",
            "json_rpc",
            "kafka",
            "key_value_store",
            "lua",
            "local_rate_limit",
            "matcher",
            "mcp",
            "mongo",
            "multi_connection",
            "notification",
            "oauth2",
            "quic",
            "quic_stream",
            "rate_limit_quota",
            "rbac",
            "redis",
            "runtime",
            "sse",
            "tap",
            "testing",
            "thrift",
            "tracing",
            "udp",
            "wasm",
            "websocket",
            "golang",
            "stats_sinks",
            "dynamic_modules",
            "ip_tagging");

    /** Package prefixes by component; the longest prefix that fits a logger wins. */
    private static final Map<String, List<String>> SPEAKING = Map.ofEntries(
            Map.entry("admin", List.of("dev.starling.admin")),
            Map.entry("config", List.of("dev.starling.config", "dev.starling.xds")),
            Map.entry("main", List.of("dev.starling")),
            Map.entry("conn_handler", List.of("dev.starling.runtime.listener")),
            Map.entry("connection", List.of("dev.starling.runtime.loop", "dev.starling.runtime.connection")),
            Map.entry("filter", List.of("dev.starling.runtime.network")),
            Map.entry("http", List.of("dev.starling.runtime.http")),
            Map.entry("router", List.of("dev.starling.runtime.http.filter.router", "dev.starling.runtime.route")),
            Map.entry("rds", List.of("dev.starling.runtime.control.route")),
            Map.entry("upstream", List.of("dev.starling.runtime.cluster", "dev.starling.lb")),
            Map.entry("pool", List.of("dev.starling.runtime.upstream")),
            Map.entry("hc", List.of("dev.starling.healthcheck")),
            Map.entry("init", List.of("dev.starling.runtime.control")),
            Map.entry("secret", List.of("dev.starling.runtime.tls")),
            Map.entry("stats", List.of("dev.starling.runtime.stats")),
            Map.entry("file", List.of("dev.starling.runtime.accesslog")),
            Map.entry("dns", List.of("io.netty.resolver")),
            Map.entry("io", List.of("io.netty")),
            Map.entry(MISC, List.of()));

    private LogComponent() {}

    /** Every component Envoy has, sorted. */
    static List<String> names() {
        return Stream.concat(SILENT.stream(), SPEAKING.keySet().stream())
                .sorted()
                .toList();
    }

    static boolean isKnown(String name) {
        return SPEAKING.containsKey(name) || SILENT.contains(name);
    }

    /** The package prefixes whose loggers belong to this component. */
    static List<String> packages(String component) {
        return SPEAKING.getOrDefault(component, List.of());
    }

    /** The component that a Java logger belongs to. */
    static String of(String logger) {
        String best = MISC;
        int length = -1;
        for (var entry : SPEAKING.entrySet()) {
            for (String prefix : entry.getValue()) {
                if (prefix.length() > length && covers(prefix, logger)) {
                    best = entry.getKey();
                    length = prefix.length();
                }
            }
        }
        return best;
    }

    private static boolean covers(String prefix, String logger) {
        return logger.startsWith(prefix)
                && (logger.length() == prefix.length() || logger.charAt(prefix.length()) == '.');
    }
}

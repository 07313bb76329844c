package dev.starling.runtime.stats.render;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's default tags, in the order in which their labels come. Those that Envoy finds by a regular expression are
 * spelled out, because a scrape looks at every name. (Envoy, {@code source/common/config/well_known_names.cc}; without
 * the filters for DynamoDB and MongoDB)
 */
final class EnvoyTags {

    private static final String RESPONSE_CODE = "_rq_";
    private static final String WORKER = "worker_";

    private EnvoyTags() {}

    static final List<TagRule> ALL = List.of(
            special("envoy.response_code", "", EnvoyTags::responseCode),
            special("envoy.response_code_class", "", EnvoyTags::responseCodeClass),
            tokens("envoy.ssl_curve", "*.*.**.ssl.curves.$"),
            tokens("envoy.ssl_sigalg", "*.*.**.ssl.sigalgs.$"),
            special("envoy.ssl_version", "", EnvoyTags::tlsVersion),
            special("envoy.worker_id", "", EnvoyTags::workerId),
            tokens("envoy.local_http_ratelimit_prefix", "$.http_local_rate_limit.**"),
            tokens("envoy.ssl_cipher", "listener.**.ssl.ciphers.$"),
            tokens("envoy.ssl_cipher", "cluster.*.ssl.ciphers.$"),
            special("envoy.health_check_name", "cluster", EnvoyTags::healthCheckName),
            tokens("envoy.http_conn_manager_prefix", "listener.*.**.http.$.**"),
            special("envoy.listener_address", "listener", EnvoyTags::listenerAddress),
            special("envoy.rds_route_config", "http", name -> routeConfig(name, "rds")),
            special("envoy.scoped_rds_config", "http", name -> routeConfig(name, "scoped_rds")),
            tokens("envoy.grpc_bridge_method", "cluster.*.grpc.*.$.**"),
            tokens("envoy.http_user_agent", "http.*.user_agent.$.**"),
            tokens("envoy.virtual_cluster", "vhost.*.vcluster.$.**"),
            tokens("envoy.fault_downstream_cluster", "http.*.fault.$.**"),
            tokens("envoy.grpc_bridge_service", "cluster.*.grpc.$.**"),
            tokens("envoy.tcp_prefix", "tcp.$.**"),
            tokens("envoy.udp_prefix", "udp.$.**"),
            tokens("envoy.clientssl_prefix", "auth.clientssl.$.**"),
            tokens("envoy.ratelimit_prefix", "ratelimit.$.**"),
            tokens("envoy.cluster_name", "cluster.$.**"),
            tokens("envoy.ext_authz_prefix", "cluster.*.ext_authz.$.**"),
            tokens("envoy.ext_authz_prefix", "http.*.ext_authz.$.**"),
            tokens("envoy.http_conn_manager_prefix", "http.$.**"),
            tokens("envoy.virtual_host", "vhost.$.**"),
            tokens("envoy.route", "vhost.*.route.$.**"),
            tokens("envoy.thrift_prefix", "thrift.$.**"),
            tokens("envoy.redis_prefix", "redis.$.**"),
            tokens("envoy.local_network_ratelimit_prefix", "local_rate_limit.$.**"),
            tokens("envoy.local_listener_ratelimit_prefix", "listener_local_ratelimit.$.**"),
            tokens("envoy.dns_filter_prefix", "dns_filter.$.**"),
            tokens("envoy.connection_limit_prefix", "connection_limit.$.**"));

    private static TagRule tokens(String tag, String pattern) {
        TokenPattern compiled = new TokenPattern(pattern);
        return special(tag, compiled.prefix(), name -> {
            int value = compiled.find(name);
            return value < 0 ? null : TagRule.Cut.ofTokens(name, value, value);
        });
    }

    private static TagRule special(String tag, String prefix, Function<NameTokens, TagRule.@Nullable Cut> finder) {
        return new TagRule() {
            @Override
            public String tag() {
                return tag;
            }

            @Override
            public String prefix() {
                return prefix;
            }

            @Override
            public @Nullable Cut find(NameTokens name) {
                return finder.apply(name);
            }
        };
    }

    /** {@code _rq(_(\d{3}))$} */
    private static TagRule.@Nullable Cut responseCode(NameTokens tokens) {
        String name = tokens.name();
        int digits = name.length() - 3;
        return name.startsWith(RESPONSE_CODE, digits - RESPONSE_CODE.length()) && areDigits(name, digits, name.length())
                ? new TagRule.Cut(digits - 1, name.length(), digits, name.length())
                : null;
    }

    /** {@code _rq_((\d))xx$} */
    private static TagRule.@Nullable Cut responseCodeClass(NameTokens tokens) {
        String name = tokens.name();
        int digit = name.length() - 3;
        return name.endsWith("xx")
                        && name.startsWith(RESPONSE_CODE, digit - RESPONSE_CODE.length())
                        && areDigits(name, digit, digit + 1)
                ? new TagRule.Cut(digit, digit + 1, digit, digit + 1)
                : null;
    }

    /** The last token, which has a dot itself: {@code ^(?:listener|cluster)\..*?\.ssl\.versions(\.(TLSv\d\.\d))$} */
    private static TagRule.@Nullable Cut tlsVersion(NameTokens tokens) {
        int last = tokens.count() - 1;
        return last > 4
                        && tokens.is(last - 3, "ssl")
                        && tokens.is(last - 2, "versions")
                        && tokens.name().startsWith("TLSv", tokens.start(last - 1))
                ? TagRule.Cut.ofTokens(tokens, last - 1, last)
                : null;
    }

    /** The digits in {@code listener.<address>.worker_0.}, and in the same place after a few other tokens. */
    private static TagRule.@Nullable Cut workerId(NameTokens tokens) {
        int worker;
        if (tokens.is(0, "listener")) {
            worker = endOfAddress(tokens) + 1;
        } else if (tokens.is(0, "server")
                || tokens.is(0, "listener_manager")
                || tokens.is(0, "thread_local_cluster_manager")) {
            worker = 1;
        } else {
            return null;
        }
        if (worker >= tokens.count() - 1 || !tokens.name().startsWith(WORKER, tokens.start(worker))) {
            return null;
        }
        int start = tokens.start(worker) + WORKER.length();
        int end = tokens.end(worker);
        return areDigits(tokens.name(), start, end) ? new TagRule.Cut(start, end + 1, start, end) : null;
    }

    /** The address of a listener, whose dots are its own, or its stat prefix; but not the admin's. */
    private static TagRule.@Nullable Cut listenerAddress(NameTokens tokens) {
        int last = endOfAddress(tokens);
        return last < tokens.count() - 1 && !tokens.is(1, "admin") ? TagRule.Cut.ofTokens(tokens, 1, last) : null;
    }

    /** An IPv4 address and port, {@code 10.0.0.1_80}, is four tokens; all else is one. */
    private static int endOfAddress(NameTokens tokens) {
        String name = tokens.name();
        if (tokens.count() < 5) {
            return 1;
        }
        for (int part = 1; part <= 3; part++) {
            if (!areDigits(name, tokens.start(part), tokens.end(part))) {
                return 1;
            }
        }
        int port = name.indexOf('_', tokens.start(4));
        return port > 0 && areDigits(name, tokens.start(4), port) && areDigits(name, port + 1, tokens.end(4)) ? 4 : 1;
    }

    /** {@code ^cluster\.[^.]+\.health_check(\.name\.([^.]+))\..+} */
    private static TagRule.@Nullable Cut healthCheckName(NameTokens tokens) {
        return tokens.count() > 5 && tokens.is(2, "health_check") && tokens.is(3, "name")
                ? new TagRule.Cut(tokens.end(2), tokens.end(4), tokens.start(4), tokens.end(4))
                : null;
    }

    /** All tokens but the last: {@code ^http\.[^.]+\.rds\.(([\w-\.]+)\.)\w+?$} */
    private static TagRule.@Nullable Cut routeConfig(NameTokens tokens, String kind) {
        return tokens.count() > 4 && tokens.is(2, kind) ? TagRule.Cut.ofTokens(tokens, 3, tokens.count() - 2) : null;
    }

    private static boolean areDigits(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return start < end;
    }
}

package dev.starling.runtime.listener.filter.proxyprotocol;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/** {@code proxy_proto.} and the older {@code downstream_cx_proxy_proto_error}, under Envoy's names. */
record ProxyProtocolStats(
        Counter notFoundAllowed, Counter notFoundDisallowed, OfVersion v1, OfVersion v2, Counter error) {

    static ProxyProtocolStats in(StatsScope scope, String prefix) {
        String all = "proxy_proto." + prefix;
        return new ProxyProtocolStats(
                scope.counter(all + "not_found_allowed"),
                scope.counter(all + "not_found_disallowed"),
                OfVersion.in(scope, all + "versions.v1."),
                OfVersion.in(scope, all + "versions.v2."),
                scope.counter("downstream_cx_proxy_proto_error"));
    }

    OfVersion of(int version) {
        return version == 1 ? v1 : v2;
    }

    /** Headers of one version. */
    record OfVersion(Counter found, Counter disallowed, Counter error) {
        static OfVersion in(StatsScope scope, String prefix) {
            return new OfVersion(
                    scope.counter(prefix + "found"),
                    scope.counter(prefix + "disallowed"),
                    scope.counter(prefix + "error"));
        }
    }
}

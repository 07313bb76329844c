package dev.starling.runtime.http.filter.router;

import dev.starling.config.cluster.UpstreamHttp.AutoNames;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.AuthorityRules;
import dev.starling.runtime.tls.PeerNames;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** The names by which a request would have its endpoint known, as Envoy's {@code auto_sni} has it. */
final class RequestNames {

    private RequestNames() {}

    /** Null where it is not for requests to say. */
    static @Nullable PeerNames of(RequestHead request, AutoNames rules) {
        if (!rules.any()) {
            return null;
        }
        String header = rules.header().isEmpty() ? null : request.headers().get(rules.header());
        String host = AuthorityRules.host(header == null || header.isEmpty() ? request.authority() : header);
        boolean isAddress = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        return new PeerNames(rules.serverName() && !isAddress ? host : "", rules.expected() ? host : "");
    }
}

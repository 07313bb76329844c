package dev.starling.config.proto.core;

import dev.starling.config.listener.filter.ProxyProtocol.Version;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;

/** Reads in which form an endpoint is told who the client is: {@code envoy.config.core.v3.ProxyProtocolConfig}. */
public final class ProxyHeaderVersionReader {

    private ProxyHeaderVersionReader() {}

    public static Version read(ProxyProtocolConfig message, ValidationContext context) {
        if (message.getVersion() == ProxyProtocolConfig.Version.UNRECOGNIZED) {
            context.field("version").problem("unknown value " + message.getVersionValue());
        }
        return message.getVersion() == ProxyProtocolConfig.Version.V2 ? Version.V2 : Version.V1;
    }
}

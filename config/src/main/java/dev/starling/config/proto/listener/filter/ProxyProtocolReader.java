package dev.starling.config.proto.listener.filter;

import dev.starling.config.listener.filter.ProxyProtocol;
import dev.starling.config.listener.filter.ProxyProtocol.Rule;
import dev.starling.config.listener.filter.ProxyProtocol.Version;
import dev.starling.config.listener.filter.TlvFilter;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import java.util.EnumSet;
import java.util.Set;

/** Reads the settings of the PROXY protocol filter. */
public final class ProxyProtocolReader {

    private static final String DEFAULT_NAMESPACE = "envoy.filters.listener.proxy_protocol";

    private ProxyProtocolReader() {}

    public static ProxyProtocol read(
            io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol message,
            ValidationContext context) {
        return new ProxyProtocol(
                message.getRulesList().stream().map(ProxyProtocolReader::rule).toList(),
                message.hasPassThroughTlvs() ? TlvReader.filter(message.getPassThroughTlvs()) : TlvFilter.NONE,
                message.getAllowRequestsWithoutProxyProtocol(),
                disallowed(message, context),
                message.getStatPrefix().isEmpty() ? "" : message.getStatPrefix() + ".");
    }

    private static Rule rule(
            io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol.Rule message) {
        var pair = message.getOnTlvPresent();
        return new Rule(
                message.getTlvType(),
                pair.getMetadataNamespace().isEmpty() ? DEFAULT_NAMESPACE : pair.getMetadataNamespace(),
                pair.getKey());
    }

    private static Set<Version> disallowed(
            io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol message,
            ValidationContext context) {
        Set<Version> versions = EnumSet.noneOf(Version.class);
        for (ProxyProtocolConfig.Version version : message.getDisallowedVersionsList()) {
            switch (version) {
                case V1 -> versions.add(Version.V1);
                case V2 -> versions.add(Version.V2);
                case UNRECOGNIZED -> context.field("disallowed_versions").problem("unknown value");
            }
        }
        return versions;
    }
}

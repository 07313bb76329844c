package dev.starling.config.proto.listener.filter;

import dev.starling.config.listener.filter.TlvFilter;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs.PassTLVsMatchType;
import java.util.HashSet;

/** Reads what says which TLVs of PROXY headers pass. */
public final class TlvReader {

    private TlvReader() {}

    public static TlvFilter filter(ProxyProtocolPassThroughTLVs message) {
        return new TlvFilter(
                message.getMatchType() == PassTLVsMatchType.INCLUDE_ALL, new HashSet<>(message.getTlvTypeList()));
    }
}

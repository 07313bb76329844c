package dev.starling.config.proto.listener;

import dev.starling.config.Extension;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpConnectionManager.CodecType;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.QuicOptions;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.tls.QuicDownstream;
import io.envoyproxy.envoy.config.core.v3.SocketAddress.Protocol;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Optional;

/** Reads what makes a listener one of HTTP/3, and checks that all of it agrees. */
final class QuicListenerReader {

    private QuicListenerReader() {}

    static boolean isUdp(Listener message) {
        return message.getAddress().getSocketAddress().getProtocol() == Protocol.UDP;
    }

    static Optional<QuicOptions> read(Listener message, List<FilterChain> chains, ValidationContext context) {
        boolean quic = message.getUdpListenerConfig().hasQuicOptions();
        if (isUdp(message) && !quic) {
            context.field("udp_listener_config").problem("only QUIC is supported on UDP: quic_options is necessary");
        } else if (quic && !isUdp(message)) {
            context.field("address").problem("QUIC needs an address with protocol: UDP");
        }
        if (quic && chains.size() != 1) {
            context.field("filter_chains").problem("a QUIC listener has one filter chain here, and no default chain");
        }
        if (quic && message.getListenerFiltersCount() > 0) {
            context.field("listener_filters").problem("listener filters do not look at QUIC");
        }
        for (int i = 0; i < chains.size(); i++) {
            check(chains.get(i), quic, context.field("filter_chains", i));
        }
        return quic
                ? Optional.of(options(
                        message.getUdpListenerConfig().getQuicOptions(),
                        context.field("udp_listener_config").field("quic_options")))
                : Optional.empty();
    }

    /** The last two complaints are Envoy's. */
    private static void check(FilterChain chain, boolean quic, ValidationContext context) {
        if (quic && !(chain.transportSocket() instanceof QuicDownstream) && !context.failed()) {
            context.field("transport_socket")
                    .problem("wrong transport socket config specified for quic transport socket");
        } else if (!quic && chain.transportSocket() instanceof QuicDownstream) {
            context.field("transport_socket").problem("QUIC transport sockets are for QUIC listeners");
        }
        for (int i = 0; i < chain.filters().size(); i++) {
            Extension filter = chain.filters().get(i);
            if (filter.config() instanceof HttpConnectionManager manager) {
                boolean http3 = manager.codecType() == CodecType.HTTP3;
                if (http3 && !quic) {
                    context.field("filters", i).problem("HTTP/3 codec configured on non-QUIC listener.");
                } else if (!http3 && quic) {
                    context.field("filters", i).problem("Non-HTTP/3 codec configured on QUIC listener.");
                }
            } else if (quic) {
                context.field("filters", i).problem("a QUIC listener serves HTTP/3 only");
            }
        }
    }

    private static QuicOptions options(
            io.envoyproxy.envoy.config.listener.v3.QuicProtocolOptions message, ValidationContext context) {
        var otherwise = QuicOptions.DEFAULT;
        var options = message.getQuicProtocolOptions();
        return new QuicOptions(
                Uint32Reader.clampedOr(
                        otherwise.maxConcurrentStreams(),
                        options.hasMaxConcurrentStreams(),
                        options.getMaxConcurrentStreams()),
                Uint32Reader.clampedOr(
                        otherwise.streamWindow(),
                        options.hasInitialStreamWindowSize(),
                        options.getInitialStreamWindowSize()),
                Uint32Reader.clampedOr(
                        otherwise.connectionWindow(),
                        options.hasInitialConnectionWindowSize(),
                        options.getInitialConnectionWindowSize()),
                options.hasIdleNetworkTimeout()
                        ? DurationReader.read(options.getIdleNetworkTimeout(), context.field("idle_network_timeout"))
                        : DurationReader.readOr(
                                otherwise.idleTimeout(),
                                message.hasIdleTimeout(),
                                message.getIdleTimeout(),
                                context.field("idle_timeout")));
    }
}

package dev.starling.config.proto.listener;

import dev.starling.config.Address;
import dev.starling.config.ByteCount;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.config.listener.Listener.TrafficDirection;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.accesslog.AccessLogReader;
import dev.starling.config.proto.core.AddressReader;
import dev.starling.config.proto.core.ContentHash;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.listener.v3.Listener.DrainType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.listener.v3.Listener}. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class ListenerReader {

    private static final ByteCount DEFAULT_BUFFER_LIMIT = ByteCount.mebibytes(1);

    private ListenerReader() {}

    /**
     * Null after a problem.
     *
     * @param name for a listener that has none
     */
    public static @Nullable Listener read(
            io.envoyproxy.envoy.config.listener.v3.Listener message, String name, ValidationContext context) {
        var addresses = addresses(message, context);
        var chains = Elements.read(message.getFilterChainsList(), context, "filter_chains", FilterChainReader::read);
        FilterChainOverlap.check(chains, context);
        var defaultChain = message.hasDefaultFilterChain()
                ? Optional.of(
                        FilterChainReader.read(message.getDefaultFilterChain(), context.field("default_filter_chain")))
                : Optional.<FilterChain>empty();
        if (chains.isEmpty() && defaultChain.isEmpty()) {
            context.field("filter_chains").problem("no filter chains specified");
        }
        var accessLogs = AccessLogReader.read(message.getAccessLogList(), context, "access_log");
        var quic = QuicListenerReader.read(message, chains, context);
        var listenerFilters = ListenerFilterChainReader.read(message, chains, context);
        if (context.failed()) {
            return null;
        }
        return new Listener(
                message.getName().isEmpty() ? name : message.getName(),
                addresses,
                statPrefix(message, addresses),
                chains,
                defaultChain,
                accessLogs,
                message.hasPerConnectionBufferLimitBytes()
                        ? new ByteCount(Uint32Reader.asLong(
                                message.getPerConnectionBufferLimitBytes().getValue()))
                        : DEFAULT_BUFFER_LIMIT,
                Uint32Reader.clamped(message.getTcpBacklogSize().getValue()),
                bindsToPort(message),
                reusesPort(message),
                direction(message),
                message.getDrainType() != DrainType.MODIFY_ONLY,
                listenerFilters,
                message.getUseOriginalDst().getValue(),
                quic,
                ContentHash.of(message),
                ContentHash.of(message.toBuilder()
                        .clearFilterChains()
                        .clearDefaultFilterChain()
                        .build()));
    }

    private static List<Address> addresses(
            io.envoyproxy.envoy.config.listener.v3.Listener message, ValidationContext context) {
        if (!message.hasAddress()) {
            context.field("address").problem("address is necessary");
            return List.of();
        }
        var reader = QuicListenerReader.isUdp(message) ? AddressReader.datagram() : AddressReader.literal();
        var addresses = new ArrayList<Address>();
        var own = reader.read(message.getAddress(), context.field("address"));
        if (own != null) {
            addresses.add(own);
        }
        addresses.addAll(Elements.read(
                message.getAdditionalAddressesList(),
                context,
                "additional_addresses",
                (additional, at) -> reader.read(additional.getAddress(), at.field("address"))));
        return addresses;
    }

    private static String statPrefix(io.envoyproxy.envoy.config.listener.v3.Listener message, List<Address> addresses) {
        String prefix = message.getStatPrefix().isEmpty() ? addresses.getFirst().display() : message.getStatPrefix();
        return prefix.replace(':', '_');
    }

    private static boolean bindsToPort(io.envoyproxy.envoy.config.listener.v3.Listener message) {
        if (message.hasBindToPort()) {
            return message.getBindToPort().getValue();
        }
        return !message.getDeprecatedV1().hasBindToPort()
                || message.getDeprecatedV1().getBindToPort().getValue();
    }

    /** The older {@code reuse_port} could only ask for what is the default now. */
    private static boolean reusesPort(io.envoyproxy.envoy.config.listener.v3.Listener message) {
        return !message.hasEnableReusePort() || message.getEnableReusePort().getValue();
    }

    private static TrafficDirection direction(io.envoyproxy.envoy.config.listener.v3.Listener message) {
        return switch (message.getTrafficDirection()) {
            case UNSPECIFIED, UNRECOGNIZED -> TrafficDirection.UNSPECIFIED;
            case INBOUND -> TrafficDirection.INBOUND;
            case OUTBOUND -> TrafficDirection.OUTBOUND;
        };
    }
}

package dev.starling.config.proto.listener;

import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.listener.FilterChainMatch.SourceType;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.CidrRangeReader;
import dev.starling.config.proto.core.Elements;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.listener.v3.FilterChainMatch}. */
final class FilterChainMatchReader {

    private FilterChainMatchReader() {}

    static FilterChainMatch read(
            io.envoyproxy.envoy.config.listener.v3.FilterChainMatch message, ValidationContext context) {
        return new FilterChainMatch(
                message.hasDestinationPort()
                        ? OptionalInt.of(message.getDestinationPort().getValue())
                        : OptionalInt.empty(),
                CidrRangeReader.read(message.getPrefixRangesList(), context, "prefix_ranges"),
                serverNames(message.getServerNamesList(), context),
                message.getTransportProtocol(),
                message.getApplicationProtocolsList(),
                CidrRangeReader.read(message.getDirectSourcePrefixRangesList(), context, "direct_source_prefix_ranges"),
                sourceType(message, context),
                CidrRangeReader.read(message.getSourcePrefixRangesList(), context, "source_prefix_ranges"),
                message.getSourcePortsList());
    }

    private static List<String> serverNames(List<String> names, ValidationContext context) {
        return Elements.read(names, context, "server_names", FilterChainMatchReader::serverName);
    }

    private static @Nullable String serverName(String name, ValidationContext context) {
        if (name.indexOf('*') >= 0 && !name.startsWith("*.")) {
            context.problem("partial wildcards are not supported in \"server_names\"");
            return null;
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static SourceType sourceType(
            io.envoyproxy.envoy.config.listener.v3.FilterChainMatch message, ValidationContext context) {
        return switch (message.getSourceType()) {
            case ANY -> SourceType.ANY;
            case SAME_IP_OR_LOOPBACK -> SourceType.SAME_IP_OR_LOOPBACK;
            case EXTERNAL -> SourceType.EXTERNAL;
            case UNRECOGNIZED -> {
                context.field("source_type").problem("unknown value " + message.getSourceTypeValue());
                yield SourceType.ANY;
            }
        };
    }
}

package dev.starling.config.proto.http;

import dev.starling.config.Percent;
import dev.starling.config.http.Http2FloodLimits;
import dev.starling.config.http.Http2Keepalive;
import dev.starling.config.http.Http2Options;
import dev.starling.config.http.Http2Options.Setting;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.Http2ProtocolOptions} of a listener or a cluster. */
public final class Http2OptionsReader {

    private static final int HEADER_TABLE_SIZE = 1;
    private static final int ENABLE_PUSH = 2;
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;

    private static final Percent DEFAULT_JITTER = new Percent(15);

    private Http2OptionsReader() {}

    /** @param streamErrors what holds for malformed messages if the options do not say */
    @SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
    public static Http2Options read(Http2ProtocolOptions message, boolean streamErrors, ValidationContext context) {
        var otherwise = Http2Options.DEFAULT;
        return new Http2Options(
                Uint32Reader.longOr(
                        otherwise.headerTableBytes(), message.hasHpackTableSize(), message.getHpackTableSize()),
                Uint32Reader.clampedOr(
                        otherwise.maxConcurrentStreams(),
                        message.hasMaxConcurrentStreams(),
                        message.getMaxConcurrentStreams()),
                Uint32Reader.clampedOr(
                        otherwise.streamWindow(),
                        message.hasInitialStreamWindowSize(),
                        message.getInitialStreamWindowSize()),
                Uint32Reader.clampedOr(
                        otherwise.connectionWindow(),
                        message.hasInitialConnectionWindowSize(),
                        message.getInitialConnectionWindowSize()),
                message.getAllowConnect(),
                message.hasOverrideStreamErrorOnInvalidHttpMessage()
                        ? message.getOverrideStreamErrorOnInvalidHttpMessage().getValue()
                        : message.getStreamErrorOnInvalidHttpMessaging() || streamErrors,
                floodLimits(message),
                message.hasConnectionKeepalive()
                        ? Optional.of(
                                keepalive(message.getConnectionKeepalive(), context.field("connection_keepalive")))
                        : Optional.empty(),
                customSettings(message, context));
    }

    private static Http2FloodLimits floodLimits(Http2ProtocolOptions message) {
        var otherwise = Http2FloodLimits.DEFAULT;
        return new Http2FloodLimits(
                Uint32Reader.clampedOr(
                        otherwise.outboundFrames(), message.hasMaxOutboundFrames(), message.getMaxOutboundFrames()),
                Uint32Reader.clampedOr(
                        otherwise.outboundControlFrames(),
                        message.hasMaxOutboundControlFrames(),
                        message.getMaxOutboundControlFrames()),
                Uint32Reader.clampedOr(
                        otherwise.emptyFramesInRow(),
                        message.hasMaxConsecutiveInboundFramesWithEmptyPayload(),
                        message.getMaxConsecutiveInboundFramesWithEmptyPayload()),
                Uint32Reader.clampedOr(
                        otherwise.prioritiesPerStream(),
                        message.hasMaxInboundPriorityFramesPerStream(),
                        message.getMaxInboundPriorityFramesPerStream()),
                Uint32Reader.clampedOr(
                        otherwise.windowUpdatesPerDataFrame(),
                        message.hasMaxInboundWindowUpdateFramesPerDataFrameSent(),
                        message.getMaxInboundWindowUpdateFramesPerDataFrameSent()));
    }

    private static Http2Keepalive keepalive(KeepaliveSettings message, ValidationContext context) {
        return new Http2Keepalive(
                DurationReader.readIf(message.hasInterval(), message.getInterval(), context.field("interval")),
                DurationReader.read(message.getTimeout(), context.field("timeout")),
                message.hasIntervalJitter()
                        ? jitter(message.getIntervalJitter().getValue(), context.field("interval_jitter"))
                        : DEFAULT_JITTER,
                DurationReader.readIf(
                        message.hasConnectionIdleInterval(),
                        message.getConnectionIdleInterval(),
                        context.field("connection_idle_interval")));
    }

    private static Percent jitter(double percent, ValidationContext context) {
        if (percent >= 0 && percent <= 100) {
            return new Percent(percent);
        }
        if (!context.failed()) {
            context.field("value").problem("must be from 0 to 100");
        }
        return DEFAULT_JITTER;
    }

    private static List<Setting> customSettings(Http2ProtocolOptions message, ValidationContext context) {
        var settings = new ArrayList<Setting>();
        Map<Integer, Long> seen = new HashMap<>();
        for (int i = 0; i < message.getCustomSettingsParametersCount(); i++) {
            var custom = message.getCustomSettingsParameters(i);
            var setting = new Setting(
                    custom.getIdentifier().getValue(),
                    Uint32Reader.asLong(custom.getValue().getValue()));
            String problem = problem(setting, message, seen.put(setting.identifier(), setting.value()));
            if (!problem.isEmpty()) {
                context.field("custom_settings_parameters", i).problem(problem);
            }
            settings.add(setting);
        }
        return settings;
    }

    /** In Envoy's words. */
    private static String problem(Setting setting, Http2ProtocolOptions message, @Nullable Long before) {
        String named = switch (setting.identifier()) {
            case HEADER_TABLE_SIZE -> message.hasHpackTableSize() ? "hpack_table_size" : "";
            case MAX_CONCURRENT_STREAMS -> message.hasMaxConcurrentStreams() ? "max_concurrent_streams" : "";
            case INITIAL_WINDOW_SIZE -> message.hasInitialStreamWindowSize() ? "initial_stream_window_size" : "";
            default -> "";
        };
        if (setting.identifier() == ENABLE_CONNECT_PROTOCOL) {
            return "the \"allow_connect\" SETTINGS parameter must only be configured through the named field";
        } else if (setting.identifier() == ENABLE_PUSH && setting.value() == 1) {
            return "server push is not supported by Envoy and can not be enabled via a SETTINGS parameter.";
        } else if (!named.isEmpty()) {
            return "the {" + named
                    + "} HTTP/2 SETTINGS parameter(s) can not be configured through both named and custom parameters";
        } else if (before != null && before != setting.value()) {
            return "inconsistent HTTP/2 custom SETTINGS parameter(s) detected; identifiers = {"
                    + "0x%02x".formatted(setting.identifier()) + "}";
        }
        return "";
    }
}

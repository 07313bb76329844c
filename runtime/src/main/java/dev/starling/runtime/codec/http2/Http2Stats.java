package dev.starling.runtime.codec.http2;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;

/**
 * The statistics of the codec, {@code http2.} for clients and {@code cluster.<name>.http2.} for endpoints, under Envoy's
 * names (reference: Envoy's page on HTTP connection manager statistics, "HTTP/2 codec statistics").
 */
public final class Http2Stats {

    public final Counter droppedHeadersWithUnderscores;
    public final Counter goawaySent;
    public final Counter headerListSizeTooLarge;
    public final Counter headerOverflow;
    public final Counter inboundEmptyFramesFlood;
    public final Counter inboundPriorityFramesFlood;
    public final Counter inboundWindowUpdateFramesFlood;
    public final Counter keepaliveTimeout;
    public final Counter outboundControlFlood;
    public final Counter outboundFlood;
    public final Counter requestsRejectedWithUnderscores;
    public final Counter rxMessagingError;
    public final Counter rxReset;
    public final Counter streamRefusedErrors;
    public final Counter trailers;
    public final Counter txFlushTimeout;
    public final Counter txReset;
    public final Gauge streamsActive;

    public Http2Stats(StatsScope s) {
        droppedHeadersWithUnderscores = s.counter("dropped_headers_with_underscores");
        headerListSizeTooLarge = s.counter("header_list_size_too_large");
        requestsRejectedWithUnderscores = s.counter("requests_rejected_with_underscores_in_headers");
        goawaySent = s.counter("goaway_sent");
        headerOverflow = s.counter("header_overflow");
        inboundEmptyFramesFlood = s.counter("inbound_empty_frames_flood");
        inboundPriorityFramesFlood = s.counter("inbound_priority_frames_flood");
        inboundWindowUpdateFramesFlood = s.counter("inbound_window_update_frames_flood");
        keepaliveTimeout = s.counter("keepalive_timeout");
        outboundControlFlood = s.counter("outbound_control_flood");
        outboundFlood = s.counter("outbound_flood");
        rxMessagingError = s.counter("rx_messaging_error");
        rxReset = s.counter("rx_reset");
        streamRefusedErrors = s.counter("stream_refused_errors");
        trailers = s.counter("trailers");
        txFlushTimeout = s.counter("tx_flush_timeout");
        txReset = s.counter("tx_reset");
        streamsActive = s.gauge("streams_active");
    }
}

package dev.starling.config.http;

/**
 * What a peer of HTTP/2 may make us do for nothing before its connection ends, with Envoy's names and defaults.
 *
 * @param outboundFrames {@code max_outbound_frames}: frames of any kind that wait to be sent
 * @param outboundControlFrames {@code max_outbound_control_frames}: PING, SETTINGS and RST_STREAM frames that wait
 * @param emptyFramesInRow {@code max_consecutive_inbound_frames_with_empty_payload}
 * @param prioritiesPerStream {@code max_inbound_priority_frames_per_stream}
 * @param windowUpdatesPerDataFrame {@code max_inbound_window_update_frames_per_data_frame_sent}
 */
public record Http2FloodLimits(
        int outboundFrames,
        int outboundControlFrames,
        int emptyFramesInRow,
        int prioritiesPerStream,
        int windowUpdatesPerDataFrame) {

    public static final Http2FloodLimits DEFAULT = new Http2FloodLimits(10_000, 1000, 1, 100, 10);
}

package dev.starling.runtime.http;

import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStripe;
import org.jspecify.annotations.Nullable;

/** The statistics of one connection manager, {@code http.<stat_prefix>.}, under Envoy's names. */
public final class ConnectionManagerStats {

    public final Counter cxTotal;
    public final Counter cxHttp1Total;
    public final Counter cxHttp2Total;
    public final Counter cxHttp3Total;
    public final Counter cxDestroy;
    public final Counter cxDestroyRemote;
    public final Counter cxDestroyLocal;
    public final Counter cxDestroyActiveRq;
    public final Counter cxDestroyRemoteActiveRq;
    public final Counter cxDestroyLocalActiveRq;
    public final Counter cxIdleTimeout;
    public final Counter cxMaxDurationReached;
    public final Counter cxMaxRequestsReached;
    public final Counter cxDrainClose;
    public final Counter cxDelayedCloseTimeout;
    public final Counter cxProtocolError;
    public final Counter cxRxBytesTotal;
    public final Counter cxTxBytesTotal;
    public final Gauge cxActive;
    public final Counter cxSslTotal;
    public final Gauge cxSslActive;
    public final Gauge cxHttp1Active;
    public final Gauge cxHttp2Active;
    public final Gauge cxHttp3Active;
    public final Histogram cxLengthMs;
    public final Counter rqTotal;
    public final Counter rqHttp1Total;
    public final Counter rqHttp2Total;
    public final Counter rqHttp3Total;
    public final Gauge rqActive;
    public final Counter rqRxReset;
    public final Counter rqTxReset;
    public final Counter rqTimeout;
    public final Counter rqHeaderTimeout;
    public final Counter rqIdleTimeout;
    public final Counter rqMaxDurationReached;
    public final Counter rqNonRelativePath;
    public final Counter rqFailedPathNormalization;
    public final Counter rqTooLarge;
    public final Counter rqTooManyPrematureResets;
    public final Counter cxUpgradesTotal;
    public final Gauge cxUpgradesActive;
    public final Counter rqWsOnNonWsRoute;
    public final Counter rqResponseBeforeRqComplete;
    public final Counter requestsRejectedWithUnderscores;
    public final Counter headersDroppedWithUnderscores;
    public final Histogram rqTime;
    public final Counter flowControlPausedReading;
    public final Counter flowControlResumedReading;
    public final Counter exchangeFailures;

    /** Of the codec, which all connection managers share as in Envoy. */
    public final Http2Stats http2;

    /** The same, where HTTP/3 is spoken. */
    final @Nullable Http3Stats http3;

    private final Completions completions;
    private final Completions completionsOfListener;

    /**
     * @param listener where the listener counts this connection manager's answers, {@code listener.<address>.http.<stat_prefix>.}
     * @param http3 null where it is not spoken
     */
    public ConnectionManagerStats(StatsScope s, StatsScope listener, Http2Stats http2, @Nullable Http3Stats http3) {
        this.http2 = http2;
        this.http3 = http3;
        cxTotal = s.counter("downstream_cx_total");
        cxHttp1Total = s.counter("downstream_cx_http1_total");
        cxHttp2Total = s.counter("downstream_cx_http2_total");
        cxHttp3Total = s.counter("downstream_cx_http3_total");
        cxDestroy = s.counter("downstream_cx_destroy");
        cxDestroyRemote = s.counter("downstream_cx_destroy_remote");
        cxDestroyLocal = s.counter("downstream_cx_destroy_local");
        cxDestroyActiveRq = s.counter("downstream_cx_destroy_active_rq");
        cxDestroyRemoteActiveRq = s.counter("downstream_cx_destroy_remote_active_rq");
        cxDestroyLocalActiveRq = s.counter("downstream_cx_destroy_local_active_rq");
        cxIdleTimeout = s.counter("downstream_cx_idle_timeout");
        cxMaxDurationReached = s.counter("downstream_cx_max_duration_reached");
        cxMaxRequestsReached = s.counter("downstream_cx_max_requests_reached");
        cxDrainClose = s.counter("downstream_cx_drain_close");
        cxDelayedCloseTimeout = s.counter("downstream_cx_delayed_close_timeout");
        cxProtocolError = s.counter("downstream_cx_protocol_error");
        cxRxBytesTotal = s.counter("downstream_cx_rx_bytes_total");
        cxTxBytesTotal = s.counter("downstream_cx_tx_bytes_total");
        cxActive = s.gauge("downstream_cx_active");
        cxSslTotal = s.counter("downstream_cx_ssl_total");
        cxSslActive = s.gauge("downstream_cx_ssl_active");
        cxHttp1Active = s.gauge("downstream_cx_http1_active");
        cxHttp2Active = s.gauge("downstream_cx_http2_active");
        cxHttp3Active = s.gauge("downstream_cx_http3_active");
        cxLengthMs = s.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS);
        rqTotal = s.counter("downstream_rq_total");
        rqHttp1Total = s.counter("downstream_rq_http1_total");
        rqHttp2Total = s.counter("downstream_rq_http2_total");
        rqHttp3Total = s.counter("downstream_rq_http3_total");
        rqActive = s.gauge("downstream_rq_active");
        rqRxReset = s.counter("downstream_rq_rx_reset");
        rqTxReset = s.counter("downstream_rq_tx_reset");
        rqTimeout = s.counter("downstream_rq_timeout");
        rqHeaderTimeout = s.counter("downstream_rq_header_timeout");
        rqIdleTimeout = s.counter("downstream_rq_idle_timeout");
        rqMaxDurationReached = s.counter("downstream_rq_max_duration_reached");
        rqNonRelativePath = s.counter("downstream_rq_non_relative_path");
        rqFailedPathNormalization = s.counter("downstream_rq_failed_path_normalization");
        rqTooLarge = s.counter("downstream_rq_too_large");
        rqTooManyPrematureResets = s.counter("downstream_rq_too_many_premature_resets");
        cxUpgradesTotal = s.counter("downstream_cx_upgrades_total");
        cxUpgradesActive = s.gauge("downstream_cx_upgrades_active");
        rqWsOnNonWsRoute = s.counter("downstream_rq_ws_on_non_ws_route");
        rqResponseBeforeRqComplete = s.counter("downstream_rq_response_before_rq_complete");
        requestsRejectedWithUnderscores = s.counter("downstream_rq_rejected_via_underscores");
        headersDroppedWithUnderscores = s.counter("downstream_rq_dropped_headers_with_underscores");
        rqTime = s.histogram("downstream_rq_time", Histogram.Unit.MILLISECONDS);
        flowControlPausedReading = s.counter("downstream_flow_control_paused_reading_total");
        flowControlResumedReading = s.counter("downstream_flow_control_resumed_reading_total");
        exchangeFailures = s.counter("starling_exchange_failures");
        completions = new Completions(s);
        completionsOfListener = new Completions(listener);
    }

    void completed(StatsStripe stripe, int status) {
        completions.count(stripe, status);
        completionsOfListener.count(stripe, status);
    }

    /** Answers in all and by class, of the proxy's own 100 too. */
    private static final class Completions {

        private final Counter all;
        private final Counter[] classes = new Counter[6];

        Completions(StatsScope s) {
            all = s.counter("downstream_rq_completed");
            for (int i = 1; i <= 5; i++) {
                classes[i] = s.counter("downstream_rq_" + i + "xx");
            }
        }

        void count(StatsStripe stripe, int status) {
            all.inc(stripe);
            int of = status / 100;
            if (of >= 1 && of <= 5) {
                classes[of].inc(stripe);
            }
        }
    }
}

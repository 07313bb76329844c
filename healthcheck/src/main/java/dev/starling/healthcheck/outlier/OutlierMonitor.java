package dev.starling.healthcheck.outlier;

import dev.starling.config.cluster.OutlierDetection;
import dev.starling.lb.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts failures in a row on the data path; Envoy's {@code DetectorHostMonitorImpl} without
 * {@code split_external_local_origin_errors}, where every outcome is seen as an HTTP status.
 *
 * <p>The counters are shared by all loops, so that three loops that see two failures each make six. A success of an
 * endpoint that has not failed reads two of them and writes none. The listener is told when a counter equals its threshold,
 * so once for each run of failures, and the {@link OutlierDetector} sets the counter back.
 */
public final class OutlierMonitor {

    private static final int BAD_GATEWAY = 502;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    /** For a cluster without outlier detection: counts nothing. */
    public static final OutlierMonitor OFF = new OutlierMonitor(false, 0, 0, (endpoint, kind) -> {});

    private final boolean on;
    private final int threshold5xx;
    private final int thresholdGatewayFailure;
    private final OutlierListener listener;

    private OutlierMonitor(boolean on, int threshold5xx, int thresholdGatewayFailure, OutlierListener listener) {
        this.on = on;
        this.threshold5xx = threshold5xx;
        this.thresholdGatewayFailure = thresholdGatewayFailure;
        this.listener = listener;
    }

    public static OutlierMonitor of(OutlierDetection detection, OutlierListener listener) {
        return new OutlierMonitor(
                true,
                detection.consecutive5xx().threshold(),
                detection.consecutiveGatewayFailure().threshold(),
                listener);
    }

    /** The endpoint answered; for gRPC, with the status that its trailers-only answer maps to. */
    public void onResponse(Endpoint endpoint, int status) {
        if (status >= 500 && status < 600) {
            on5xx(endpoint, status);
        } else {
            onSuccess(endpoint);
        }
    }

    /** The endpoint answered below 500, or, for TCP, took the connection. */
    public void onSuccess(Endpoint endpoint) {
        if (on) {
            reset(endpoint.state().consecutive5xx());
            reset(endpoint.state().consecutiveGatewayFailure());
        }
    }

    public void on5xx(Endpoint endpoint, int status) {
        if (!on) {
            return;
        }
        var gatewayFailures = endpoint.state().consecutiveGatewayFailure();
        if (status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT) {
            if (gatewayFailures.incrementAndGet() == thresholdGatewayFailure) {
                listener.crossed(endpoint, OutlierKind.CONSECUTIVE_GATEWAY_FAILURE);
            }
        } else {
            reset(gatewayFailures);
        }
        if (endpoint.state().consecutive5xx().incrementAndGet() == threshold5xx) {
            listener.crossed(endpoint, OutlierKind.CONSECUTIVE_5XX);
        }
    }

    /** The connection failed, or the stream was reset before or after its head; but not for overflow, which is ours. */
    public void onLocalOriginFailure(Endpoint endpoint) {
        on5xx(endpoint, SERVICE_UNAVAILABLE);
    }

    /**
     * A request's or an attempt's time was over.
     *
     * @param status what such a request is answered with: 504, unless the request asked for another
     */
    public void onLocalOriginTimeout(Endpoint endpoint, int status) {
        onResponse(endpoint, status);
    }

    private static void reset(AtomicInteger counter) {
        if (counter.get() != 0) {
            counter.set(0);
        }
    }
}

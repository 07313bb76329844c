package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.lb.EndpointState;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.stats.CodeStats;
import dev.starling.runtime.stats.StatsStripe;
import java.util.concurrent.TimeUnit;

/** What of one exchange is counted for its cluster and endpoint, by status. Confined to the loop. */
final class UpstreamCharge {

    private final ExchangeContext context;
    private final RouterConfig config;
    private final boolean grpc;

    /** Of the upstream's answer: in its head, where it is nothing but trailers, or in its trailers. */
    private int grpcStatus = GrpcStatus.NONE;

    /** Whether it is known only at the end how the endpoint did. */
    private boolean deferred;

    /** @param grpc whether the request is one of gRPC */
    UpstreamCharge(ExchangeContext context, RouterConfig config, boolean grpc) {
        this.context = context;
        this.config = config;
        this.grpc = grpc;
    }

    /** Notes what the upstream answered, and says what outlier detection is told. */
    int answered(ResponseHead response) {
        grpcStatus = grpc ? GrpcStatus.parse(response.headers().get(HeaderName.GRPC_STATUS)) : GrpcStatus.NONE;
        return grpcStatus == GrpcStatus.NONE ? response.status() : GrpcStatus.toHttp(grpcStatus);
    }

    /**
     * The response is passed on: the endpoint did well, or did not, whatever becomes of the body. Of an answer of gRPC that is
     * not just a head the end says so.
     */
    void passedOn(ResponseHead response, EndpointState endpoint) {
        if (response.status() < 500 && grpc && !response.endStream()) {
            deferred = true;
        } else {
            count(endpoint, response.status() < 500 && !grpcFailed());
        }
    }

    private static void count(EndpointState endpoint, boolean well) {
        (well ? endpoint.requestsSucceeded() : endpoint.requestsFailed()).increment();
    }

    /** As Envoy, whose gRPC answers also fail without a status. */
    private boolean grpcFailed() {
        return grpc && (grpcStatus == GrpcStatus.NONE || GrpcStatus.toHttp(grpcStatus) >= 500);
    }

    /** The response broke off. */
    void brokeOff(EndpointState endpoint) {
        if (deferred) {
            deferred = false;
            count(endpoint, false);
        }
    }

    void trailers(Headers last) {
        if (grpc && grpcStatus == GrpcStatus.NONE) {
            grpcStatus = GrpcStatus.parse(last.get(HeaderName.GRPC_STATUS));
        }
    }

    /** A response, be it the upstream's or one in its place. */
    void count(ClusterStats stats, int code) {
        if (!config.dynamicStats()) {
            return;
        }
        CodeStats byOrigin = context.request().headers().contains(HeaderName.X_ENVOY_INTERNAL)
                ? stats.internalCodes
                : stats.externalCodes;
        record(stats.codes, code);
        byOrigin.record(context.loop().stats(), code);
    }

    /** A response that nobody gets, as the request is sent again. */
    void countRetried(ClusterStats stats, int code) {
        record(stats.retryCodes, code);
    }

    private void record(CodeStats codes, int code) {
        StatsStripe stripe = context.loop().stats();
        if (grpc && config.suppressGrpcCodeStats()) {
            codes.recordCompleted(stripe);
        } else {
            codes.record(stripe, code);
        }
    }

    /** The upstream's response is complete. */
    void completed(ClusterStats stats, EndpointState endpoint, long nowNanos) {
        if (deferred) {
            deferred = false;
            count(endpoint, !grpcFailed());
        }
        if (context.requestComplete()) {
            stats.rqTime.record(
                    context.loop().stats(),
                    TimeUnit.NANOSECONDS.toMillis(nowNanos - context.info().requestCompleteNanos));
        }
    }
}

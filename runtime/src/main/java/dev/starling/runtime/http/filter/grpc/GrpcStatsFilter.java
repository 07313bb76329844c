package dev.starling.runtime.http.filter.grpc;

import dev.starling.config.http.GrpcStatsConfig;
import dev.starling.config.http.GrpcStatsConfig.Methods;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.GrpcCallStats;
import dev.starling.runtime.cluster.GrpcMethodStats;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.FrameCounter;
import dev.starling.runtime.grpc.GrpcMethod;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts one gRPC call and its messages. */
final class GrpcStatsFilter implements HttpFilter {

    private final ExchangeContext context;
    private final GrpcStatsConfig config;
    private @Nullable GrpcMethodStats stats;
    private @Nullable FrameCounter requests;
    private @Nullable FrameCounter responses;

    GrpcStatsFilter(ExchangeContext context, GrpcStatsConfig config) {
        this.context = context;
        this.config = config;
    }

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        GrpcCallStats calls = GrpcMessages.isRequest(head) ? CalledCluster.stats(context) : null;
        if (calls != null) {
            requests = new FrameCounter();
            stats = stats(calls, GrpcMethod.of(head.path()));
        }
        return Flow.CONTINUE;
    }

    /** Null where the path names no method: such calls are not counted at all. */
    private @Nullable GrpcMethodStats stats(GrpcCallStats calls, @Nullable GrpcMethod method) {
        if (method == null) {
            return null;
        }
        return calls.of(
                ContentTypes.GRPC_PROTOCOL,
                switch (config.methods()) {
                    case Methods.None _ -> null;
                    case Methods.All(boolean replaceDots) -> replaceDots ? method.withoutDots() : method;
                    case Methods.Listed(var listed) ->
                        listed.contains(new GrpcStatsConfig.Method(method.service(), method.name())) ? method : null;
                });
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        if (requests != null && stats != null) {
            stats.requestMessages(context.loop().stats(), requests.begunIn(chunk.bytes()));
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseHead(ResponseHead head, boolean endStream) {
        if (stats != null) {
            responses = GrpcMessages.isResponse(head, endStream) ? new FrameCounter() : null;
            status(head.headers());
            if (endStream) {
                upstreamTime();
            }
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseData(Chunk chunk, boolean endStream) {
        if (responses != null && stats != null) {
            stats.responseMessages(context.loop().stats(), responses.begunIn(chunk.bytes()));
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseTrailers(Headers trailers) {
        if (stats != null) {
            status(trailers);
            upstreamTime();
        }
        return Flow.CONTINUE;
    }

    private void status(Headers fields) {
        String status = fields.get(HeaderName.GRPC_STATUS);
        if (status != null && stats != null) {
            stats.completed(context.loop().stats(), status);
        }
    }

    /** From the last byte that went to the upstream to the last that came from it. */
    private void upstreamTime() {
        StreamInfo info = context.info();
        if (config.upstreamTime()
                && stats != null
                && info.upstreamRequestCompleteNanos != 0
                && info.upstreamResponseNanos != 0) {
            stats.upstreamTime(
                    context.loop().stats(),
                    TimeUnit.NANOSECONDS.toMillis(context.loop().nanoTime() - info.upstreamRequestCompleteNanos));
        }
    }
}

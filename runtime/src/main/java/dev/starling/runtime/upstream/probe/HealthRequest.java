package dev.starling.runtime.upstream.probe;

import dev.starling.config.HeaderMutations;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.HttpVerdict;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.route.FormatContext;
import dev.starling.runtime.route.HeaderEdits;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The request that asks an endpoint how it is; Envoy's {@code HttpActiveHealthCheckSession::onInterval}. */
final class HealthRequest implements Question {

    private static final HeaderName DEGRADED = HeaderName.of("x-envoy-degraded");
    private static final HeaderName IMMEDIATE_FAIL = HeaderName.of("x-envoy-immediate-health-check-fail");
    private static final HeaderName USER_AGENT = HeaderName.of("user-agent");

    private final HealthCheck.Probe.Http probe;
    private final Endpoint endpoint;
    private final String clusterName;
    private final String authority;
    private final HeaderEdits edits;

    HealthRequest(
            HealthCheck.Probe.Http probe,
            Endpoint endpoint,
            String clusterName,
            Function<FormatString, Formatter> formats) {
        this.probe = probe;
        this.endpoint = endpoint;
        this.clusterName = clusterName;
        this.authority = authority(probe, endpoint, clusterName);
        this.edits = HeaderEdits.ofRequest(
                new HeaderMutations(probe.requestHeadersToAdd(), probe.requestHeadersToRemove(), List.of(), List.of()),
                formats);
    }

    private static String authority(HealthCheck.Probe.Http probe, Endpoint endpoint, String clusterName) {
        String ofEndpoint = endpoint.config().healthCheck().hostname();
        if (!ofEndpoint.isEmpty()) {
            return ofEndpoint;
        }
        return probe.host().isEmpty() ? clusterName : probe.host();
    }

    @Override
    public Judge judge() {
        return new StatusJudge();
    }

    @Override
    public @Nullable ByteBuf body() {
        return null;
    }

    @Override
    public RequestHead head() {
        Headers headers = new Headers();
        headers.set(USER_AGENT, "Envoy/HC");
        RequestHead head = new RequestHead(
                probe.method(), probe.path(), authority, "http", Protocol.HTTP_1_1, headers, "", -1, true);
        edits.apply(headers, new Context(info(), head));
        return head;
    }

    private StreamInfo info() {
        StreamInfo info = new StreamInfo();
        info.upstreamHost = endpoint.addressText();
        info.upstreamRemoteAddress = endpoint.address();
        info.clusterName = clusterName;
        return info;
    }

    private final class StatusJudge implements Judge {

        private @Nullable ProbeResult verdict;

        @Override
        public void head(ResponseHead head) {
            verdict = HttpVerdict.of(
                    probe,
                    head.status(),
                    head.headers().contains(DEGRADED),
                    head.headers().contains(IMMEDIATE_FAIL));
        }

        @Override
        public void data(ByteBuf bytes) {}

        @Override
        public void trailers(Headers trailers) {}

        @Override
        public @Nullable ProbeResult verdict() {
            return verdict;
        }
    }

    private record Context(StreamInfo info, RequestHead request) implements FormatContext {

        @Override
        public @Nullable ResponseHead response() {
            return null;
        }
    }
}

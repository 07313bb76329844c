package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.config.cluster.HealthCheck.StatusRange;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderMutationReader;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.HealthCheck.HttpHealthCheck}. */
final class HttpProbeReader {

    private HttpProbeReader() {}

    /** Null after a problem. */
    static Probe.@Nullable Http read(HttpHealthCheck message, ValidationContext context) {
        var probe = new Probe.Http(
                message.getHost(),
                message.getPath(),
                method(message.getMethod(), context.field("method")),
                statuses(message.getExpectedStatusesList(), "expected", context),
                statuses(message.getRetriableStatusesList(), "retriable", context),
                HeaderMutationReader.additions(message.getRequestHeadersToAddList(), context, "request_headers_to_add"),
                HeaderMutationReader.removals(
                        message.getRequestHeadersToRemoveList(), context, "request_headers_to_remove"),
                message.getCodecClientType() == CodecClientType.HTTP2);
        return context.failed() ? null : probe;
    }

    private static String method(RequestMethod method, ValidationContext context) {
        return switch (method) {
            case METHOD_UNSPECIFIED -> "GET";
            case CONNECT, UNRECOGNIZED -> {
                context.problem("is not a method for health checks");
                yield "GET";
            }
            case GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH -> method.name();
        };
    }

    /** @param kind {@code expected} or {@code retriable}, part of the field's name and of Envoy's texts */
    private static List<StatusRange> statuses(List<Int64Range> messages, String kind, ValidationContext context) {
        return Elements.read(messages, context, kind + "_statuses", (range, at) -> status(range, kind, at));
    }

    private static @Nullable StatusRange status(Int64Range range, String kind, ValidationContext context) {
        String problem = "Invalid http " + kind + " status range: expecting ";
        if (range.getStart() >= range.getEnd()) {
            context.problem(
                    problem + "start < end, but found start=" + range.getStart() + " and end=" + range.getEnd());
        } else if (range.getStart() < 100) {
            context.problem(problem + "start >= 100, but found start=" + range.getStart());
        } else if (range.getEnd() > 600) {
            context.problem(problem + "end <= 600, but found end=" + range.getEnd());
        } else {
            return new StatusRange((int) range.getStart(), (int) range.getEnd());
        }
        return null;
    }
}

package dev.starling.config.proto.accesslog;

import dev.starling.config.RuntimeUint32;
import dev.starling.config.accesslog.AccessLogFilter;
import dev.starling.config.accesslog.AccessLogFilter.Comparison;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.FractionalPercentReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.matcher.HeaderMatcherReader;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.accesslog.v3.AccessLogFilter}. */
public final class AccessLogFilterReader {

    private AccessLogFilterReader() {}

    /** Null after a problem. */
    public static @Nullable AccessLogFilter read(
            io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter message, ValidationContext context) {
        return switch (message.getFilterSpecifierCase()) {
            case STATUS_CODE_FILTER -> {
                var comparison = message.getStatusCodeFilter().getComparison();
                yield new AccessLogFilter.StatusCode(comparison(comparison), value(comparison));
            }
            case DURATION_FILTER -> {
                var comparison = message.getDurationFilter().getComparison();
                yield new AccessLogFilter.DurationMillis(comparison(comparison), value(comparison));
            }
            case NOT_HEALTH_CHECK_FILTER -> new AccessLogFilter.NotHealthCheck();
            case RUNTIME_FILTER -> {
                var filter = message.getRuntimeFilter();
                yield new AccessLogFilter.RuntimeSampled(
                        FractionalPercentReader.read(filter.getPercentSampled(), filter.getRuntimeKey()));
            }
            case AND_FILTER ->
                new AccessLogFilter.And(all(message.getAndFilter().getFiltersList(), context.field("and_filter")));
            case OR_FILTER ->
                new AccessLogFilter.Or(all(message.getOrFilter().getFiltersList(), context.field("or_filter")));
            case HEADER_FILTER -> {
                var matcher = HeaderMatcherReader.read(
                        message.getHeaderFilter().getHeader(),
                        context.field("header_filter").field("header"));
                yield matcher == null ? null : new AccessLogFilter.Header(matcher);
            }
            case RESPONSE_FLAG_FILTER ->
                new AccessLogFilter.ResponseFlag(
                        Set.copyOf(message.getResponseFlagFilter().getFlagsList()));
            case TRACEABLE_FILTER -> unsupported("traceable_filter", context);
            case GRPC_STATUS_FILTER -> {
                var filter = message.getGrpcStatusFilter();
                yield new AccessLogFilter.GrpcStatus(Set.copyOf(filter.getStatusesValueList()), filter.getExclude());
            }
            case EXTENSION_FILTER -> unsupported("extension_filter", context);
            case METADATA_FILTER -> unsupported("metadata_filter", context);
            case LOG_TYPE_FILTER -> unsupported("log_type_filter", context);
            case FILTERSPECIFIER_NOT_SET -> {
                context.problem("a filter is required");
                yield null;
            }
        };
    }

    private static @Nullable AccessLogFilter unsupported(String field, ValidationContext context) {
        context.field(field).problem("this access log filter is not supported yet");
        return null;
    }

    private static List<AccessLogFilter> all(
            List<io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter> messages, ValidationContext context) {
        return Elements.read(messages, context, "filters", AccessLogFilterReader::read);
    }

    private static Comparison comparison(ComparisonFilter message) {
        return switch (message.getOp()) {
            case EQ, UNRECOGNIZED -> Comparison.EQ;
            case GE -> Comparison.GE;
            case LE -> Comparison.LE;
        };
    }

    private static RuntimeUint32 value(ComparisonFilter message) {
        return new RuntimeUint32(
                Uint32Reader.asLong(message.getValue().getDefaultValue()),
                message.getValue().getRuntimeKey());
    }
}

package dev.starling.runtime.accesslog;

import dev.starling.config.FractionalPercent;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.accesslog.AccessLogFilter;
import dev.starling.config.accesslog.AccessLogFilter.Comparison;
import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compiles filters. */
public final class EntryFilterFactory {

    private static final long NANOS_A_MILLI = 1_000_000;

    private final Clock clock;
    private final Supplier<RuntimeSnapshot> runtime;

    /**
     * @param clock for the duration of what has not ended
     * @param runtime may change what is compared with
     */
    public EntryFilterFactory(Clock clock, Supplier<RuntimeSnapshot> runtime) {
        this.clock = clock;
        this.runtime = runtime;
    }

    public EntryFilter filter(AccessLogFilter filter) {
        return switch (filter) {
            case AccessLogFilter.StatusCode(Comparison comparison, RuntimeUint32 value) ->
                (info, request) ->
                        compare(comparison, info.responseCode, runtime.get().number(value));
            case AccessLogFilter.DurationMillis(Comparison comparison, RuntimeUint32 value) ->
                (info, request) ->
                        compare(comparison, millis(info), runtime.get().number(value));
            case AccessLogFilter.NotHealthCheck() -> (info, request) -> !info.healthCheck;
            case AccessLogFilter.RuntimeSampled(FractionalPercent share) ->
                (info, request) -> runtime.get().selectsByNumerator(share, draw(info, request.get("x-request-id")));
            case AccessLogFilter.And(List<AccessLogFilter> parts) -> all(parts);
            case AccessLogFilter.Or(List<AccessLogFilter> parts) -> any(parts);
            case AccessLogFilter.Header(HeaderMatcher matcher) ->
                (info, request) -> matches(matcher, request.get(matcher.name()));
            case AccessLogFilter.ResponseFlag(Set<String> names) -> flags(names);
            case AccessLogFilter.GrpcStatus(Set<Integer> statuses, boolean exclude) ->
                (info, request) -> statuses.contains(status(info)) != exclude;
        };
    }

    private EntryFilter all(List<AccessLogFilter> filters) {
        EntryFilter[] parts = filters.stream().map(this::filter).toArray(EntryFilter[]::new);
        return (info, request) -> {
            for (EntryFilter part : parts) {
                if (!part.accepts(info, request)) {
                    return false;
                }
            }
            return true;
        };
    }

    private EntryFilter any(List<AccessLogFilter> filters) {
        EntryFilter[] parts = filters.stream().map(this::filter).toArray(EntryFilter[]::new);
        return (info, request) -> {
            for (EntryFilter part : parts) {
                if (part.accepts(info, request)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean compare(Comparison comparison, long actual, long value) {
        return switch (comparison) {
            case EQ -> actual == value;
            case GE -> actual >= value;
            case LE -> actual <= value;
            case NE -> actual != value;
        };
    }

    private long millis(StreamInfo info) {
        return ((info.endNanos == 0 ? clock.nanoTime() : info.endNanos) - info.startNanos) / NANOS_A_MILLI;
    }

    /**
     * The request's id decides, so that all proxies that see a request log it or none does; it begins with 32 random
     * bits. Without one, what differs between two exchanges is mixed. (Envoy, {@code
     * UUIDRequestIDExtension::toInteger}; Steele, Lea and Flood: Fast Splittable Pseudorandom Number Generators, {@code
     * mix64})
     */
    private static long draw(StreamInfo info, @Nullable String requestId) {
        if (requestId != null && requestId.length() >= 8) {
            try {
                return Long.parseLong(requestId, 0, 8, 16);
            } catch (NumberFormatException notOfOurMaking) {
                // Mixed below, as if there were none.
            }
        }
        long mixed = info.startNanos ^ Long.rotateLeft(info.downstream.id(), 32);
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    private static int status(StreamInfo info) {
        int status = info.grpcStatus(false);
        return status == GrpcStatus.NONE ? GrpcStatus.UNKNOWN : status;
    }

    private static EntryFilter flags(Set<String> names) {
        long mask = names.isEmpty() ? -1 : 0;
        for (String name : names) {
            mask |= ResponseFlag.valueOf(name).mask();
        }
        long anyOf = mask;
        return (info, request) -> (info.flags & anyOf) != 0;
    }

    private static boolean matches(HeaderMatcher matcher, @Nullable String value) {
        if (matcher.rule() instanceof HeaderMatcher.Rule.Present(boolean present)) {
            return (value != null == present) != matcher.invert();
        }
        if (value == null && !matcher.treatMissingAsEmpty()) {
            return false;
        }
        String text = value == null ? "" : value;
        boolean holds = switch (matcher.rule()) {
            case HeaderMatcher.Rule.Present(boolean present) -> present;
            case HeaderMatcher.Rule.Text(var string) -> string.matches(text);
            case HeaderMatcher.Rule.Range(long start, long end) -> inRange(text, start, end);
        };
        return holds != matcher.invert();
    }

    private static boolean inRange(String text, long start, long end) {
        try {
            long number = Long.parseLong(text.strip());
            return number >= start && number < end;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}

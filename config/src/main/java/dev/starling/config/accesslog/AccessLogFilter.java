package dev.starling.config.accesslog;

import dev.starling.config.FractionalPercent;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.matcher.HeaderMatcher;
import java.util.List;
import java.util.Set;

/** {@code envoy.config.accesslog.v3.AccessLogFilter}: whether an entry is logged. */
public sealed interface AccessLogFilter {

    /** How a number is compared with the configured value. */
    enum Comparison {
        EQ,
        GE,
        LE,
        NE
    }

    record StatusCode(Comparison comparison, RuntimeUint32 value) implements AccessLogFilter {}

    record DurationMillis(Comparison comparison, RuntimeUint32 value) implements AccessLogFilter {}

    record NotHealthCheck() implements AccessLogFilter {}

    /** What the runtime says under its key is the numerator. */
    record RuntimeSampled(FractionalPercent share) implements AccessLogFilter {}

    record And(List<AccessLogFilter> all) implements AccessLogFilter {
        public And {
            all = List.copyOf(all);
        }
    }

    record Or(List<AccessLogFilter> any) implements AccessLogFilter {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Header(HeaderMatcher matcher) implements AccessLogFilter {}

    /** By number; a response without a status counts as UNKNOWN, 2. */
    record GrpcStatus(Set<Integer> statuses, boolean exclude) implements AccessLogFilter {
        public GrpcStatus {
            statuses = Set.copyOf(statuses);
        }
    }

    /** Any of the flags; with none named, any flag at all. */
    record ResponseFlag(Set<String> flags) implements AccessLogFilter {
        public ResponseFlag {
            flags = Set.copyOf(flags);
        }
    }
}

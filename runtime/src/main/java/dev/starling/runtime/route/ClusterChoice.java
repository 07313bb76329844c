package dev.starling.runtime.route;

import dev.starling.config.route.RouteAction.Target;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a route that forwards finds its cluster; all that does not depend on the request is made beforehand. */
sealed interface ClusterChoice {

    Forward choose(RequestHead head, long random);

    record Constant(Forward forward) implements ClusterChoice {
        @Override
        public Forward choose(RequestHead head, long random) {
            return forward;
        }
    }

    /** The first value of a header names the cluster. */
    record FromHeader(
            Target.ClusterHeader target,
            Function<String, @Nullable ClusterSlot> known,
            BiFunction<String, @Nullable ClusterSlot, Forward> forwards)
            implements ClusterChoice {
        @Override
        public Forward choose(RequestHead head, long random) {
            String value = head.get(target.header());
            String name = value == null ? "" : value;
            return forwards.apply(name, known.apply(name));
        }
    }

    /** Drawn by weight, from chance or from the number in a header that stands there once. */
    @SuppressWarnings("ArrayRecordComponent") // walked on every request; nothing compares choices
    record Weighted(Forward[] forwards, long[] ends, String headerName) implements ClusterChoice {
        @Override
        public Forward choose(RequestHead head, long random) {
            long total = ends[ends.length - 1];
            long draw = Long.remainderUnsigned(headerName.isEmpty() ? random : fromHeader(head, random), total);
            int i = 0;
            while (draw >= ends[i]) {
                i++;
            }
            return forwards[i];
        }

        private long fromHeader(RequestHead head, long random) {
            Headers headers = head.headers();
            int at = headers.find(headerName, 0);
            if (at < 0 || headers.find(headerName, at + 1) >= 0) {
                return random;
            }
            try {
                return Long.parseUnsignedLong(headers.value(at).strip());
            } catch (NumberFormatException notANumber) {
                return random;
            }
        }
    }
}

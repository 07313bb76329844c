package dev.starling.runtime.route;

import dev.starling.config.RuntimeUint32;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
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
    record Weighted(Forward[] forwards, long[] ends, Draw source) implements ClusterChoice {
        @Override
        public Forward choose(RequestHead head, long random) {
            long total = ends[ends.length - 1];
            long draw = Long.remainderUnsigned(source.of(head, random), total);
            int i = 0;
            while (draw >= ends[i]) {
                i++;
            }
            return forwards[i];
        }
    }

    /** As {@link Weighted}, but weights may change with the runtime at any time. Weights without a sum leave the last one. */
    @SuppressWarnings("ArrayRecordComponent") // walked on every request; nothing compares choices
    record RuntimeWeighted(
            Forward[] forwards, List<RuntimeUint32> weights, Draw source, Supplier<RuntimeSnapshot> runtime)
            implements ClusterChoice {
        @Override
        public Forward choose(RequestHead head, long random) {
            RuntimeSnapshot now = runtime.get();
            long total = 0;
            for (RuntimeUint32 weight : weights) {
                total += now.number(weight);
            }
            long rest = total <= 0 ? 0 : Long.remainderUnsigned(source.of(head, random), total);
            for (int i = 0; i < forwards.length - 1; i++) {
                rest -= now.number(weights.get(i));
                if (rest < 0) {
                    return forwards[i];
                }
            }
            return forwards[forwards.length - 1];
        }
    }

    /**
     * What is drawn by.
     *
     * @param headerName a request header with a number, if it stands there once; empty: chance
     */
    record Draw(String headerName) {

        long of(RequestHead head, long random) {
            return headerName.isEmpty() ? random : fromHeader(head, random);
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

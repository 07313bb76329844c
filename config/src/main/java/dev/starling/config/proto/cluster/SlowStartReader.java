package dev.starling.config.proto.cluster;

import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy.SlowStart;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.Optional;

/** Reads slow start, from the extensions' message and from the older one with the same fields. */
final class SlowStartReader {

    private static final double DEFAULT_AGGRESSION = 1;
    private static final double DEFAULT_MIN_WEIGHT_PERCENT = 10;

    private SlowStartReader() {}

    static Optional<SlowStart> read(SlowStartConfig message, ValidationContext context) {
        return read(
                message.getSlowStartWindow(),
                message.hasAggression(),
                message.getAggression(),
                message.hasMinWeightPercent(),
                message.getMinWeightPercent(),
                context);
    }

    static Optional<SlowStart> read(Cluster.SlowStartConfig message, ValidationContext context) {
        return read(
                message.getSlowStartWindow(),
                message.hasAggression(),
                message.getAggression(),
                message.hasMinWeightPercent(),
                message.getMinWeightPercent(),
                context);
    }

    /** Without a window there is no slow start. */
    private static Optional<SlowStart> read(
            com.google.protobuf.Duration window,
            boolean hasAggression,
            io.envoyproxy.envoy.config.core.v3.RuntimeDouble aggression,
            boolean hasMinWeightPercent,
            Percent minWeightPercent,
            ValidationContext context) {
        var length = DurationReader.read(window, context.field("slow_start_window"));
        if (length.isZero()) {
            return Optional.empty();
        }
        return Optional.of(new SlowStart(
                length,
                new RuntimeDouble(
                        hasAggression ? aggression(aggression.getDefaultValue(), context) : DEFAULT_AGGRESSION,
                        aggression.getRuntimeKey()),
                hasMinWeightPercent ? minWeightPercent.getValue() : DEFAULT_MIN_WEIGHT_PERCENT));
    }

    /** Envoy takes any aggression and uses 1 in place of one that makes no sense. */
    private static double aggression(double value, ValidationContext context) {
        if (value > 0) {
            return value;
        }
        context.field("aggression").warning("invalid slow start aggression, using 1.0");
        return DEFAULT_AGGRESSION;
    }
}

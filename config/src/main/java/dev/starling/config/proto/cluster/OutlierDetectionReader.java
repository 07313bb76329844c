package dev.starling.config.proto.cluster;

import com.google.protobuf.UInt32Value;
import dev.starling.config.Percent;
import dev.starling.config.cluster.OutlierDetection;
import dev.starling.config.cluster.OutlierDetection.Consecutive;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Uint32Reader;
import java.time.Duration;

/** Reads {@code envoy.config.cluster.v3.OutlierDetection}. */
final class OutlierDetectionReader {

    private static final int DEFAULT_CONSECUTIVE = 5;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration DEFAULT_BASE_EJECTION_TIME = Duration.ofSeconds(30);
    private static final Duration DEFAULT_MAX_EJECTION_TIME = Duration.ofMinutes(5);
    private static final int DEFAULT_MAX_EJECTION_PERCENT = 10;

    private OutlierDetectionReader() {}

    static OutlierDetection read(
            io.envoyproxy.envoy.config.cluster.v3.OutlierDetection message, ValidationContext context) {
        var base = DurationReader.readOr(
                DEFAULT_BASE_EJECTION_TIME,
                message.hasBaseEjectionTime(),
                message.getBaseEjectionTime(),
                context.field("base_ejection_time"));
        return new OutlierDetection(
                new Consecutive(
                        Uint32Reader.clampedOr(
                                DEFAULT_CONSECUTIVE, message.hasConsecutive5Xx(), message.getConsecutive5Xx()),
                        percent(100, message.hasEnforcingConsecutive5Xx(), message.getEnforcingConsecutive5Xx())),
                new Consecutive(
                        Uint32Reader.clampedOr(
                                DEFAULT_CONSECUTIVE,
                                message.hasConsecutiveGatewayFailure(),
                                message.getConsecutiveGatewayFailure()),
                        percent(
                                0,
                                message.hasEnforcingConsecutiveGatewayFailure(),
                                message.getEnforcingConsecutiveGatewayFailure())),
                DurationReader.readOr(
                        DEFAULT_INTERVAL, message.hasInterval(), message.getInterval(), context.field("interval")),
                base,
                maxEjectionTime(message, base, context.field("max_ejection_time")),
                DurationReader.readOr(
                        Duration.ZERO,
                        message.hasMaxEjectionTimeJitter(),
                        message.getMaxEjectionTimeJitter(),
                        context.field("max_ejection_time_jitter")),
                percent(DEFAULT_MAX_EJECTION_PERCENT, message.hasMaxEjectionPercent(), message.getMaxEjectionPercent()),
                message.getAlwaysEjectOneHost().getValue(),
                !message.hasSuccessfulActiveHealthCheckUnejectHost()
                        || message.getSuccessfulActiveHealthCheckUnejectHost().getValue());
    }

    private static Duration maxEjectionTime(
            io.envoyproxy.envoy.config.cluster.v3.OutlierDetection message, Duration base, ValidationContext context) {
        if (!message.hasMaxEjectionTime()) {
            return base.compareTo(DEFAULT_MAX_EJECTION_TIME) > 0 ? base : DEFAULT_MAX_EJECTION_TIME;
        }
        var max = DurationReader.read(message.getMaxEjectionTime(), context);
        if (max.compareTo(base) < 0) {
            context.problem("outlier detector's max_ejection_time cannot be smaller than base_ejection_time");
        }
        return max;
    }

    /** Out of range only where {@code validate.rules} have complained. */
    private static Percent percent(int otherwise, boolean present, UInt32Value value) {
        return new Percent(Math.min(100, Uint32Reader.clampedOr(otherwise, present, value)));
    }
}

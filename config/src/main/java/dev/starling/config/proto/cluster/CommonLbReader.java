package dev.starling.config.proto.cluster;

import dev.starling.config.Percent;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;

/** Reads {@code common_lb_config}. */
final class CommonLbReader {

    private CommonLbReader() {}

    /** @param policyIsLocalityWeighted what the balancing policy itself says */
    static CommonLb read(CommonLbConfig message, boolean policyIsLocalityWeighted, ValidationContext context) {
        var otherwise = CommonLb.DEFAULT;
        return new CommonLb(
                message.hasHealthyPanicThreshold()
                        ? panicThreshold(message.getHealthyPanicThreshold().getValue(), context)
                        : otherwise.panicThreshold(),
                policyIsLocalityWeighted || message.hasLocalityWeightedLbConfig(),
                DurationReader.readOr(
                        otherwise.updateMergeWindow(),
                        message.hasUpdateMergeWindow(),
                        message.getUpdateMergeWindow(),
                        context.field("update_merge_window")),
                message.getIgnoreNewHostsUntilFirstHc());
    }

    private static Percent panicThreshold(double percent, ValidationContext context) {
        if (percent >= 0 && percent <= 100) {
            return new Percent(percent);
        }
        context.field("healthy_panic_threshold").field("value").problem("must be from 0 to 100");
        return Percent.ZERO;
    }
}

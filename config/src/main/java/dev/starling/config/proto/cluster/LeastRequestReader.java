package dev.starling.config.proto.cluster;

import com.google.protobuf.UInt32Value;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest.SelectionMethod;

/** Reads the least-request policy, as an extension and the parts it shares with the older field. */
final class LeastRequestReader {

    private static final int DEFAULT_CHOICE_COUNT = 2;
    private static final double DEFAULT_BIAS = 1;

    private LeastRequestReader() {}

    static LbPolicy.LeastRequest read(LeastRequest message, ValidationContext context) {
        return new LbPolicy.LeastRequest(
                choiceCount(message.hasChoiceCount(), message.getChoiceCount(), context),
                bias(message.hasActiveRequestBias(), message.getActiveRequestBias(), context),
                message.getSelectionMethod() == SelectionMethod.FULL_SCAN,
                SlowStartReader.read(message.getSlowStartConfig(), context.field("slow_start_config")));
    }

    static int choiceCount(boolean present, UInt32Value message, ValidationContext context) {
        int count = Uint32Reader.clampedOr(DEFAULT_CHOICE_COUNT, present, message);
        if (count < 2) {
            context.field("choice_count").problem("must be at least 2");
        }
        return count;
    }

    /** Envoy takes any bias and uses 1 in place of one that makes no sense. */
    static RuntimeDouble bias(
            boolean present, io.envoyproxy.envoy.config.core.v3.RuntimeDouble message, ValidationContext context) {
        double bias = present ? message.getDefaultValue() : DEFAULT_BIAS;
        if (bias >= 0) {
            return new RuntimeDouble(bias, message.getRuntimeKey());
        }
        context.field("active_request_bias").warning("invalid active request bias, using 1.0");
        return new RuntimeDouble(DEFAULT_BIAS, message.getRuntimeKey());
    }
}

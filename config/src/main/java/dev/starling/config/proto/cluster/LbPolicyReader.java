package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code load_balancing_policy}, or {@code lb_policy} with the configuration that belongs to it. */
final class LbPolicyReader {

    private LbPolicyReader() {}

    /** @param localityWeighted whether the policy, rather than {@code common_lb_config}, asks for locality weights */
    record Chosen(LbPolicy policy, boolean localityWeighted) {}

    /** Null after a problem. */
    static @Nullable Chosen read(Cluster message, ValidationContext context) {
        if (message.hasClusterType()) {
            return provided(message, context);
        }
        if (message.hasLoadBalancingPolicy()
                || message.getLbPolicy() == Cluster.LbPolicy.LOAD_BALANCING_POLICY_CONFIG) {
            return extension(message, context);
        }
        boolean destinations = message.getType() == Cluster.DiscoveryType.ORIGINAL_DST;
        boolean provided = message.getLbPolicy() == Cluster.LbPolicy.CLUSTER_PROVIDED;
        if (destinations != provided) {
            context.field("lb_policy")
                    .problem(
                            provided
                                    ? "cluster provided LB specified but cluster '" + message.getName()
                                            + "' did not provide one. Check cluster documentation."
                                    : "cluster: LB policy " + message.getLbPolicy()
                                            + " is not valid for Cluster type ORIGINAL_DST."
                                            + " Only 'CLUSTER_PROVIDED' is allowed with cluster type 'ORIGINAL_DST'");
            return null;
        }
        var policy = byName(message, context);
        return policy == null ? null : new Chosen(policy, false);
    }

    /** Aggregates bring their own. */
    private static @Nullable Chosen provided(Cluster message, ValidationContext context) {
        boolean extension = message.hasLoadBalancingPolicy();
        if (extension || message.getLbPolicy() != Cluster.LbPolicy.CLUSTER_PROVIDED) {
            context.field(extension ? "load_balancing_policy" : "lb_policy")
                    .problem("cluster provided LB not specified but cluster '" + message.getName()
                            + "' provided one. Check cluster documentation.");
            return null;
        }
        return new Chosen(new LbPolicy.Random(), false);
    }

    /** A configuration that belongs to another policy is ignored, in Envoy too. */
    private static @Nullable LbPolicy byName(Cluster message, ValidationContext context) {
        return switch (message.getLbPolicy()) {
            case ROUND_ROBIN -> {
                var config = message.getRoundRobinLbConfig();
                yield new LbPolicy.RoundRobin(SlowStartReader.read(
                        config.getSlowStartConfig(),
                        context.field("round_robin_lb_config").field("slow_start_config")));
            }
            case LEAST_REQUEST -> {
                var config = message.getLeastRequestLbConfig();
                var at = context.field("least_request_lb_config");
                yield new LbPolicy.LeastRequest(
                        LeastRequestReader.choiceCount(config.hasChoiceCount(), config.getChoiceCount(), at),
                        LeastRequestReader.bias(config.hasActiveRequestBias(), config.getActiveRequestBias(), at),
                        false,
                        SlowStartReader.read(config.getSlowStartConfig(), at.field("slow_start_config")));
            }
            case RANDOM -> new LbPolicy.Random();
            case CLUSTER_PROVIDED -> new LbPolicy.Random(); // there is nothing to choose from, so nothing is drawn
            case RING_HASH, MAGLEV, LOAD_BALANCING_POLICY_CONFIG, UNRECOGNIZED -> {
                context.field("lb_policy").problem("not supported yet: " + message.getLbPolicy());
                yield null;
            }
        };
    }

    private static @Nullable Chosen extension(Cluster message, ValidationContext context) {
        var at = context.field("load_balancing_policy");
        if (!message.hasLoadBalancingPolicy()) {
            at.problem("cluster: field load_balancing_policy need to be set");
            return null;
        }
        var common = message.getCommonLbConfig();
        if (common.hasZoneAwareLbConfig()
                || common.hasLocalityWeightedLbConfig()
                || common.hasConsistentHashingLbConfig()) {
            at.problem("cluster: load_balancing_policy cannot be combined with partial fields (zone_aware_lb_config, "
                    + "locality_weighted_lb_config, consistent_hashing_lb_config) of common_lb_config");
        }
        var policies = message.getLoadBalancingPolicy().getPoliciesList();
        for (int i = 0; i < policies.size(); i++) {
            var config = policies.get(i).getTypedExtensionConfig().getTypedConfig();
            if (isKnown(TypedConfig.typeName(config))) {
                var where =
                        at.field("policies", i).field("typed_extension_config").field("typed_config");
                return TypedConfig.unpack(config)
                        .map(policy -> known(policy, where))
                        .orElse(null);
            }
        }
        at.problem("cluster: didn't find a registered load balancer factory implementation for cluster: '"
                + message.getName() + "' with names from "
                + policies.stream()
                        .map(policy -> policy.getTypedExtensionConfig().getName())
                        .collect(Collectors.joining(", ", "[", "]")));
        return null;
    }

    private static boolean isKnown(String typeName) {
        return typeName.equals(RoundRobin.getDescriptor().getFullName())
                || typeName.equals(LeastRequest.getDescriptor().getFullName())
                || typeName.equals(Random.getDescriptor().getFullName());
    }

    private static @Nullable Chosen known(com.google.protobuf.Message policy, ValidationContext context) {
        return switch (policy) {
            case RoundRobin message ->
                new Chosen(
                        new LbPolicy.RoundRobin(
                                SlowStartReader.read(message.getSlowStartConfig(), context.field("slow_start_config"))),
                        isWeighted(message.getLocalityLbConfig()));
            case LeastRequest message ->
                new Chosen(LeastRequestReader.read(message, context), isWeighted(message.getLocalityLbConfig()));
            case Random message -> new Chosen(new LbPolicy.Random(), isWeighted(message.getLocalityLbConfig()));
            default -> null;
        };
    }

    private static boolean isWeighted(LocalityLbConfig message) {
        return message.hasLocalityWeightedLbConfig();
    }
}

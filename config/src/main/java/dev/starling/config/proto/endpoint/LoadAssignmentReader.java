package dev.starling.config.proto.endpoint;

import dev.starling.config.Percent;
import dev.starling.config.endpoint.EndpointCollection;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LoadAssignment.DropOverload;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.AddressReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.FractionalPercentReader;
import dev.starling.config.proto.core.LocalityReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.endpoint.v3.ClusterLoadAssignment}. */
public final class LoadAssignmentReader {

    private static final int DEFAULT_OVERPROVISIONING_FACTOR = 140;
    private static final String COLLECTION_SCHEME = "xdstp:";

    private final EndpointReader endpoints;

    /** @param addresses how the addresses of endpoints are read, which depends on the cluster's type */
    public LoadAssignmentReader(AddressReader addresses) {
        this.endpoints = new EndpointReader(addresses);
    }

    /** Leaves out endpoints that have a problem. */
    public LoadAssignment read(ClusterLoadAssignment message, ValidationContext context) {
        var policy = message.getPolicy();
        return new LoadAssignment(
                message.getClusterName(),
                Elements.read(
                        message.getEndpointsList(),
                        context,
                        "endpoints",
                        (locality, at) -> locality(message.getClusterName(), locality, at)),
                Uint32Reader.clampedOr(
                        DEFAULT_OVERPROVISIONING_FACTOR,
                        policy.hasOverprovisioningFactor(),
                        policy.getOverprovisioningFactor()),
                policy.getWeightedPriorityHealth(),
                dropOverloads(policy, context.field("policy")));
    }

    /** Reads what is new. Empty if an endpoint has a problem. */
    public Optional<LoadAssignment> read(AssignmentChange change, ValidationContext context) {
        var assignment = read(change.rest(), context);
        var fresh = new ArrayList<@Nullable EndpointConfig>();
        change.forEachFresh((message, locality, place) -> fresh.add(
                endpoints.read(message, context.field("endpoints", locality).field("lb_endpoints", place))));
        return context.failed()
                ? Optional.empty()
                : Optional.of(assignment.with(change.filled(assignment.localities(), fresh)));
    }

    private LocalityEndpoints locality(String cluster, LocalityLbEndpoints message, ValidationContext context) {
        return new LocalityEndpoints(
                LocalityReader.read(message.getLocality()),
                message.getPriority(),
                Uint32Reader.clampedOr(0, message.hasLoadBalancingWeight(), message.getLoadBalancingWeight()),
                Elements.read(message.getLbEndpointsList(), context, "lb_endpoints", endpoints::read),
                message.hasLedsClusterLocalityConfig() ? collection(cluster, message, context) : Optional.empty());
    }

    private static Optional<EndpointCollection> collection(
            String cluster, LocalityLbEndpoints message, ValidationContext context) {
        var config = message.getLedsClusterLocalityConfig();
        var at = context.field("leds_cluster_locality_config");
        String name = config.getLedsCollectionName();
        if (message.getLbEndpointsCount() > 0) {
            at.problem("A ClusterLoadAssignment for cluster " + cluster + " cannot include both LEDS (resource: " + name
                    + ") and a list of endpoints.");
        } else if (!name.startsWith(COLLECTION_SCHEME)) {
            at.field("leds_collection_name").problem(name + " does not have a xdstp: scheme");
        }
        return ConfigSourceReader.readIf(config.hasLedsConfig(), config.getLedsConfig(), at.field("leds_config"))
                .map(source -> new EndpointCollection(source, name));
    }

    private static List<DropOverload> dropOverloads(ClusterLoadAssignment.Policy policy, ValidationContext context) {
        if (policy.getDropOverloadsCount() == 0) {
            return List.of();
        }
        if (policy.getDropOverloadsCount() > 1) {
            context.field("drop_overloads")
                    .problem("Cluster drop_overloads config has " + policy.getDropOverloadsCount()
                            + " categories. Envoy only support one.");
            return List.of();
        }
        var message = policy.getDropOverloads(0);
        var share = FractionalPercentReader.read(message.getDropPercentage(), "");
        if (share.numerator() > share.denominator()) {
            context.field("drop_overloads", 0)
                    .field("drop_percentage")
                    .problem("Cluster drop_overloads config is invalid. drop_ratio="
                            + share.numerator() / share.denominator() + "(Numerator " + share.numerator()
                            + " / Denominator " + share.denominator() + "). The valid range is 0~1.");
            return List.of();
        }
        return List.of(
                new DropOverload(message.getCategory(), new Percent(100.0 * share.numerator() / share.denominator())));
    }
}

package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;

/**
 * What a route configuration settles for all of its routes.
 *
 * @param validateClusters whether a cluster that is named must exist
 * @param maxBodyBytes of a direct response
 */
record RouteScope(boolean validateClusters, long maxBodyBytes) {

    /** @param what the cluster is called in the problem: {@code cluster} or {@code weighted cluster} */
    void checkCluster(String name, String what, ValidationContext context) {
        if (name.isEmpty()) {
            context.problem("must not be empty");
        } else if (validateClusters && !context.knowsCluster(name)) {
            context.problem("route: unknown " + what + " '" + name + "'");
        }
    }
}

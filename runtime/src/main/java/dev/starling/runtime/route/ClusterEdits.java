package dev.starling.runtime.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.route.RouteAction.WeightedCluster;
import dev.starling.runtime.http.Headers;
import dev.starling.runtime.http.RequestHead;

/** What one of several weighted clusters adds to the changes of its route; applied before them. */
record ClusterEdits(HeaderEdits request, HeaderEdits response, String host) {

    static final ClusterEdits NONE = compile(HeaderMutations.NONE, "", format -> (context, to) -> {});

    static ClusterEdits compile(WeightedCluster cluster, ValueFormat.Compiler formats) {
        return compile(cluster.headers(), cluster.hostRewrite(), formats);
    }

    private static ClusterEdits compile(HeaderMutations headers, String host, ValueFormat.Compiler formats) {
        return new ClusterEdits(
                HeaderEdits.ofRequest(headers, formats), HeaderEdits.ofResponse(headers, formats), host);
    }

    void applyToRequest(RequestHead head, FormatContext context) {
        request.apply(head.headers(), context);
        if (!host.isEmpty()) {
            head.authority(host);
        }
    }

    void applyToResponse(Headers headers, FormatContext context) {
        response.apply(headers, context);
    }
}

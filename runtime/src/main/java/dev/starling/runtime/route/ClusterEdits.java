package dev.starling.runtime.route;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.route.RouteAction.WeightedCluster;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import java.util.function.Function;

/** What one of several weighted clusters adds to the changes of its route; applied before them. */
record ClusterEdits(HeaderEdits request, HeaderEdits response, String host) {

    static final ClusterEdits NONE = new ClusterEdits(HeaderEdits.NONE, HeaderEdits.NONE, "");

    static ClusterEdits compile(WeightedCluster cluster, Function<FormatString, Formatter> formats) {
        return new ClusterEdits(
                HeaderEdits.ofRequest(cluster.headers(), formats),
                HeaderEdits.ofResponse(cluster.headers(), formats),
                cluster.hostRewrite());
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

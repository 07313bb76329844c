package dev.starling.runtime.route;

import dev.starling.config.route.RouteAction;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Forward to a cluster. One object per route and cluster, made when the table is compiled; only where the cluster's name
 * comes from the request is there one per request.
 */
public final class Forward implements RouteResult {

    private final RouteEntry entry;
    private final RouteAction action;
    private final RequestRewrite rewrite;
    private final ClusterEdits clusterEdits;
    private final FilterOverrides filterOverrides;
    private final String clusterName;
    private final @Nullable ClusterSlot cluster;
    private final long timeoutNanos;

    Forward(
            RouteEntry entry,
            RouteAction action,
            RequestRewrite rewrite,
            ClusterEdits clusterEdits,
            FilterOverrides filterOverrides,
            String clusterName,
            @Nullable ClusterSlot cluster) {
        this.entry = entry;
        this.action = action;
        this.rewrite = rewrite;
        this.clusterEdits = clusterEdits;
        this.filterOverrides = filterOverrides;
        this.clusterName = clusterName;
        this.cluster = cluster;
        this.timeoutNanos =
                action.maxStreamDuration().isPresent() ? 0 : action.timeout().toNanos();
    }

    @Override
    public RouteEntry entry() {
        return entry;
    }

    @Override
    public FilterOverrides filterOverrides() {
        return filterOverrides;
    }

    /** Timeouts, priority, upgrades and the status for an unknown cluster, as configured. */
    public RouteAction action() {
        return action;
    }

    /** For logs; empty where a request's header should have named it and did not. */
    public String clusterName() {
        return clusterName;
    }

    /** Whether there is such a cluster now. */
    public boolean known() {
        return cluster != null && cluster.current() != null;
    }

    /** Null if traffic named a cluster that nobody knows; the slot may be empty all the same. */
    public @Nullable ClusterSlot cluster() {
        return cluster;
    }

    /** The route timeout that applies: 0 for none, and none where a maximum stream duration is set. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Whether {@link #rewriteHost} has something to do, once the endpoint is known. */
    public boolean autoHostRewrite() {
        return action.hostRewrite() == RouteAction.HostRewrite.Auto.AUTO;
    }

    /**
     * Makes of the head as received the head as forwarded: header mutations, then authority, then path.
     *
     * @param keepOriginals whether {@code x-envoy-original-host} and {@code -path} tell what was replaced: unless the
     *     router suppresses Envoy's headers
     */
    public void finalizeRequest(RequestHead head, FormatContext context, boolean keepOriginals) {
        clusterEdits.applyToRequest(head, context);
        rewrite.apply(head, context, keepOriginals);
    }

    /** For {@code auto_host_rewrite}: the authority becomes the host name of the endpoint, if it has one. */
    public void rewriteHost(RequestHead head, Endpoint endpoint, boolean keepOriginals) {
        if (autoHostRewrite() && !endpoint.hostname().isEmpty()) {
            rewrite.authority(head, endpoint.hostname(), keepOriginals);
        }
    }

    @Override
    public void finalizeResponse(Headers headers, FormatContext context) {
        clusterEdits.applyToResponse(headers, context);
        entry.finalizeResponse(headers, context);
    }
}

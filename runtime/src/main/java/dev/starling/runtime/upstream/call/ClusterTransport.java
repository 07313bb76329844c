package dev.starling.runtime.upstream.call;

import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import dev.starling.xds.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Streams to control planes ({@code envoy_grpc}) as requests to clusters of ours, with their pools, endpoints, limits and
 * statistics. All on one loop, as Envoy has them on its main thread: streams to one cluster share its connection.
 */
public final class ClusterTransport implements Transport {

    private final Loop loop;
    private final LoopClusters clusters;
    private final ClusterTable table;
    private final Counter requests;
    private final String address;

    /**
     * @param clusters as the loop uses them
     * @param requests {@code http.async-client.rq_total}
     * @param address of this machine, which is what control planes are told that the request is for
     */
    public ClusterTransport(Loop loop, LoopClusters clusters, ClusterTable table, Counter requests, String address) {
        this.loop = loop;
        this.clusters = clusters;
        this.table = table;
        this.requests = requests;
        this.address = address;
    }

    @Override
    public Call open(GrpcService service, String method, Receiver receiver) {
        if (!(service.target() instanceof Target.Cluster target)) {
            throw new IllegalArgumentException("not a cluster: " + service.target());
        }
        GrpcStream stream = new GrpcStream(loop, target.maxReceived().bytes(), receiver);
        stream.open(() -> cluster(target.name()), head(service, target, method));
        return stream;
    }

    /** Looked up with each stream: it may have come, or changed, since. */
    private @Nullable LoopCluster cluster(String name) {
        ClusterSlot slot = table.find(name);
        LoopCluster cluster = slot == null ? null : clusters.cluster(slot);
        if (cluster != null) {
            requests.inc(loop.stats());
        }
        return cluster;
    }

    private RequestHead head(GrpcService service, Target.Cluster target, String method) {
        Headers headers = new Headers();
        headers.add(HeaderName.TE, "trailers");
        headers.add(HeaderName.CONTENT_TYPE, "application/grpc");
        service.initialMetadata().forEach(each -> headers.set(each.name(), each.value()));
        if (!target.skipEnvoyHeaders()) {
            OwnHeaders.add(headers, address);
        }
        String authority = target.authority().isEmpty() ? target.name() : target.authority();
        return new RequestHead("POST", "/" + method, authority, "http", Protocol.HTTP_2, headers, "", -1, false);
    }
}

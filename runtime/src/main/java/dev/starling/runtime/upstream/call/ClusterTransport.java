package dev.starling.runtime.upstream.call;

import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.xds.transport.Transport;

/** Streams to control planes ({@code envoy_grpc}) as requests to clusters of ours. */
public final class ClusterTransport implements Transport {

    private final OwnClusters clusters;

    public ClusterTransport(OwnClusters clusters) {
        this.clusters = clusters;
    }

    @Override
    public Call open(GrpcService service, String method, Receiver receiver) {
        if (!(service.target() instanceof Target.Cluster target)) {
            throw new IllegalArgumentException("not a cluster: " + service.target());
        }
        GrpcStream stream = new GrpcStream(clusters, target.maxReceived().bytes(), receiver);
        stream.open(target.name(), head(service, target, method));
        return stream;
    }

    private RequestHead head(GrpcService service, Target.Cluster target, String method) {
        Headers headers = new Headers();
        headers.add(HeaderName.TE, "trailers");
        headers.add(HeaderName.CONTENT_TYPE, "application/grpc");
        service.initialMetadata().forEach(each -> headers.set(each.name(), each.value()));
        if (!target.skipEnvoyHeaders()) {
            clusters.addOwnHeaders(headers);
        }
        String authority = target.authority().isEmpty() ? target.name() : target.authority();
        return new RequestHead("POST", "/" + method, authority, "http", Protocol.HTTP_2, headers, "", -1, false);
    }
}

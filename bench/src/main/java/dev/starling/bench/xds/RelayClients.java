package dev.starling.bench.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Clients of a control plane that want all its clusters, each by a delta stream of its own, many on one connection. */
final class RelayClients implements AutoCloseable {

    private static final int MAX_MESSAGE = 64 << 20;

    private final int clusters;
    private final List<ManagedChannel> channels;
    private final List<Stream> streams = new ArrayList<>();
    /** When the last stream heard anything. */
    private long heardNanos;

    private volatile boolean closed;

    RelayClients(int port, int clients, int connections, int clusters) {
        this.clusters = clusters;
        this.channels = IntStream.range(0, connections)
                .mapToObj(_ -> NettyChannelBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .usePlaintext()
                        .directExecutor()
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .build())
                .toList();
        for (int client = 0; client < clients; client++) {
            streams.add(new Stream(client, channels.get(client % connections)));
        }
    }

    /** Waits until each has all clusters; when the last one had. */
    synchronized long awaitAll() throws InterruptedException {
        while (streams.stream().anyMatch(stream -> stream.had < clusters)) {
            wait();
        }
        return heardNanos;
    }

    /** Waits until each has the change of this number, or one after it; when the last one had. */
    synchronized long await(int number) throws InterruptedException {
        while (streams.stream().anyMatch(stream -> stream.number < number)) {
            wait();
        }
        return heardNanos;
    }

    @Override
    public void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private final class Stream implements StreamObserver<DeltaDiscoveryResponse> {

        private final StreamObserver<DeltaDiscoveryRequest> requests;
        private int had;
        private int number;

        private Stream(int client, ManagedChannel channel) {
            requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setNode(Node.newBuilder().setId("client-" + client).setCluster("bench"))
                    .setTypeUrl(Content.CLUSTERS)
                    .addResourceNamesSubscribe("*")
                    .build());
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(Content.CLUSTERS)
                    .setResponseNonce(response.getNonce())
                    .build());
            synchronized (RelayClients.this) {
                had += response.getResourcesCount();
                if (response.getResourcesCount() == 1) {
                    number = number(response.getResources(0));
                }
                heardNanos = System.nanoTime();
                RelayClients.this.notifyAll();
            }
        }

        private static int number(Resource changed) {
            try {
                return Content.number(changed.getResource().unpack(Cluster.class));
            } catch (InvalidProtocolBufferException broken) {
                throw new IllegalStateException(broken);
            }
        }

        @Override
        public void onError(Throwable broken) {
            if (!closed) {
                System.err.println("a client's stream has ended: " + broken);
            }
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the server has ended it"));
        }
    }
}

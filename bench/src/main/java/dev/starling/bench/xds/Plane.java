package dev.starling.bench.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Clusters and their endpoints for one proxy at a time, over one delta stream. */
final class Plane extends AggregatedDiscoveryServiceImplBase {

    /** The only cluster that is asked for anything; its endpoint is the one that moves. */
    private static final String FIRST = name(0);

    private static final String ENDPOINTS = typeUrl(ClusterLoadAssignment.getDefaultInstance());

    private final Map<String, Map<String, Resource>> resources = new HashMap<>();
    private Optional<Subscription> proxy = Optional.empty();
    private int version;

    /** What the next proxy is told. All endpoints but that of the first cluster are addresses that nobody asks. */
    synchronized void fill(int clusters, int endpoints, int port) {
        resources.clear();
        version++;
        for (int cluster = 0; cluster < clusters; cluster++) {
            put(name(cluster), cluster(name(cluster)));
            put(name(cluster), unasked(cluster, endpoints));
        }
        put(FIRST, first(port));
    }

    /** Sends the first cluster's new endpoint when all that was sent before is acknowledged; returns when it was sent. */
    synchronized long move(int port) throws InterruptedException {
        Subscription open = proxy.orElseThrow(() -> new IllegalStateException("the proxy has no stream"));
        while (open.unanswered > 0) {
            wait();
        }
        version++;
        List<Resource> moved = List.of(put(FIRST, first(port)));
        long sentNanos = System.nanoTime();
        open.send(ENDPOINTS, moved);
        return sentNanos;
    }

    @Override
    public synchronized StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        var opened = new Subscription(responses);
        proxy = Optional.of(opened);
        return opened;
    }

    private final class Subscription implements StreamObserver<DeltaDiscoveryRequest> {

        private final StreamObserver<DeltaDiscoveryResponse> responses;
        private int nonce;
        private int unanswered;

        private Subscription(StreamObserver<DeltaDiscoveryResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            synchronized (Plane.this) {
                boolean answer = !request.getResponseNonce().isEmpty();
                if (answer) {
                    unanswered--;
                    Plane.this.notifyAll();
                }
                if (request.hasErrorDetail()) {
                    System.err.println("refused: " + request.getErrorDetail().getMessage());
                }
                Map<String, Resource> known = resources.getOrDefault(request.getTypeUrl(), Map.of());
                List<String> names = request.getResourceNamesSubscribeList();
                if (names.contains("*") || (names.isEmpty() && !answer)) {
                    send(request.getTypeUrl(), known.values());
                } else if (!names.isEmpty()) {
                    send(request.getTypeUrl(), names.stream().map(known::get).toList());
                }
            }
        }

        private void send(String typeUrl, Collection<Resource> sent) {
            unanswered++;
            responses.onNext(DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setNonce(Integer.toString(++nonce))
                    .addAllResources(sent)
                    .build());
        }

        @Override
        public void onError(Throwable gone) {
            onCompleted();
        }

        @Override
        public void onCompleted() {
            synchronized (Plane.this) {
                proxy = proxy.filter(open -> open != this);
            }
        }
    }

    private Resource put(String name, Message message) {
        Resource resource = Resource.newBuilder()
                .setName(name)
                .setVersion(Integer.toString(version))
                .setResource(Any.pack(message))
                .build();
        resources.computeIfAbsent(typeUrl(message), _ -> new LinkedHashMap<>()).put(name, resource);
        return resource;
    }

    private static String typeUrl(Message message) {
        return "type.googleapis.com/" + message.getDescriptorForType().getFullName();
    }

    private static String name(int cluster) {
        return "cluster-" + cluster;
    }

    private static Cluster cluster(String name) {
        // no time limit: what is measured is when everything is there
        var source = ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .setInitialFetchTimeout(Duration.getDefaultInstance());
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(source))
                .build();
    }

    private static ClusterLoadAssignment first(int port) {
        return assignment(FIRST, Stream.of("127.0.0.1"), port);
    }

    private static ClusterLoadAssignment unasked(int cluster, int endpoints) {
        Stream<String> hosts = IntStream.range(0, endpoints)
                .mapToObj(endpoint -> "10.%d.%d.%d".formatted(endpoint, cluster >> 8, cluster & 255));
        return assignment(name(cluster), hosts, 80);
    }

    private static ClusterLoadAssignment assignment(String cluster, Stream<String> hosts, int port) {
        var locality = LocalityLbEndpoints.newBuilder();
        hosts.forEach(host -> locality.addLbEndpointsBuilder()
                .getEndpointBuilder()
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(host)
                .setPortValue(port));
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addEndpoints(locality)
                .build();
    }
}

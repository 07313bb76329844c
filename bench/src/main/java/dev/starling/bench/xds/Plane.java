package dev.starling.bench.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Resources for one proxy at a time, over one delta stream. What changes while a response of its type is not acknowledged
 * goes, as it is then, with the next: a proxy that is slow skips what is between.
 */
final class Plane extends AggregatedDiscoveryServiceImplBase {

    private static final String OF_COLLECTION = "/*";

    private final Map<String, Map<String, Resource>> resources = new HashMap<>();
    private Optional<Subscription> proxy = Optional.empty();
    private int version;
    private int sent;

    /** Nothing is known any more. */
    synchronized void clear() {
        resources.clear();
        version++;
    }

    /** What the next proxy is told. */
    synchronized Resource put(String name, Message message) {
        Resource resource = Resource.newBuilder()
                .setName(name)
                .setVersion(Integer.toString(version))
                .setResource(Any.pack(message))
                .build();
        resources
                .computeIfAbsent(Content.typeUrl(message), _ -> new LinkedHashMap<>())
                .put(name, resource);
        return resource;
    }

    /**
     * Tells the proxy, now or when it has acknowledged what it was told before.
     *
     * @param message asked when it is sent
     * @return before it was sent
     */
    synchronized long change(String typeUrl, String name, Supplier<Message> message) {
        Subscription open = open();
        open.due.computeIfAbsent(typeUrl, _ -> new LinkedHashMap<>()).put(name, message);
        long sentNanos = System.nanoTime();
        open.sendDue(typeUrl);
        return sentNanos;
    }

    /** Tells the proxy at once, whatever it has acknowledged. */
    synchronized void send(String name, Message message) {
        version++;
        Resource resource = put(name, message);
        open().send(resource.getResource().getTypeUrl(), List.of(resource));
    }

    private Subscription open() {
        return proxy.orElseThrow(() -> new IllegalStateException("the proxy has no stream"));
    }

    /** Responses of the type. */
    synchronized int unanswered(String typeUrl) {
        return open().unanswered.getOrDefault(typeUrl, 0);
    }

    /** Until all that was sent is acknowledged. */
    synchronized void awaitAnswered() throws InterruptedException {
        while (proxy.stream().anyMatch(open -> !open.unanswered.isEmpty())) {
            wait();
        }
    }

    /** Responses so far, to all proxies. */
    synchronized int sent() {
        return sent;
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
        private final Map<String, Map<String, Supplier<Message>>> due = new HashMap<>();
        /** How many responses of each type; without those that have none. */
        private final Map<String, Integer> unanswered = new HashMap<>();

        private int nonce;

        private Subscription(StreamObserver<DeltaDiscoveryResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            synchronized (Plane.this) {
                boolean answer = !request.getResponseNonce().isEmpty();
                if (answer) {
                    unanswered.computeIfPresent(request.getTypeUrl(), (_, count) -> count > 1 ? count - 1 : null);
                    Plane.this.notifyAll();
                }
                if (request.hasErrorDetail()) {
                    System.err.println("refused: " + request.getErrorDetail().getMessage());
                }
                subscribe(request.getTypeUrl(), request.getResourceNamesSubscribeList(), answer);
                sendDue(request.getTypeUrl());
            }
        }

        private void subscribe(String typeUrl, List<String> names, boolean answer) {
            Map<String, Resource> known = resources.getOrDefault(typeUrl, Map.of());
            boolean all = names.stream().anyMatch(name -> name.equals("*") || name.endsWith(OF_COLLECTION));
            if (all || (names.isEmpty() && !answer)) {
                send(typeUrl, known.values());
            } else if (!names.isEmpty()) {
                send(
                        typeUrl,
                        names.stream().map(known::get).filter(Objects::nonNull).toList());
            }
        }

        private void sendDue(String typeUrl) {
            Map<String, Supplier<Message>> ofType = due.get(typeUrl);
            if (ofType == null || unanswered.containsKey(typeUrl)) {
                return;
            }
            due.remove(typeUrl);
            version++;
            List<Resource> changed = new ArrayList<>();
            ofType.forEach((name, message) -> changed.add(put(name, message.get())));
            send(typeUrl, changed);
        }

        private void send(String typeUrl, Collection<Resource> changed) {
            sent++;
            unanswered.merge(typeUrl, 1, Integer::sum);
            responses.onNext(DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setNonce(Integer.toString(++nonce))
                    .addAllResources(changed)
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
                Plane.this.notifyAll();
            }
        }
    }
}

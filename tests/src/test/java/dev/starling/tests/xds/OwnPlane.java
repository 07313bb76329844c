package dev.starling.tests.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A small control plane for every type, aggregated or not, in both variants: what is set is sent to whoever wants it, in
 * the order in which it was set.
 */
public final class OwnPlane implements AutoCloseable {

    private static final String ALL = "/*";

    /** What has the number of the resources, and is none. */
    private static final UnknownFieldSet RUBBISH = UnknownFieldSet.newBuilder()
            .addField(
                    2,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFrom(new byte[] {-1, -1, -1}))
                            .build())
            .build();

    /** What was said of a response. */
    public record Answer(String node, String typeUrl, String error) {}

    final Collection<DiscoveryRequest> requests = new ConcurrentLinkedQueue<>();
    final Collection<DeltaDiscoveryRequest> deltaRequests = new ConcurrentLinkedQueue<>();
    private final Map<String, Map<String, Resource>> resources = new HashMap<>();
    private final List<Stream<?>> subscribers = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Server server;
    private Function<String, Optional<Resource>> onDemand = _ -> Optional.empty();
    private final Set<String> kept = new HashSet<>();
    private int version;
    private int nonce;

    private OwnPlane(int port, List<Resource> first) throws IOException {
        first.forEach(this::set);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .fallbackHandlerRegistry(new AnyMethod())
                .permitKeepAliveTime(1, TimeUnit.MILLISECONDS)
                .build()
                .start();
    }

    public static OwnPlane start() throws IOException {
        return at(0, List.of());
    }

    /** @param first what there is before anybody can ask */
    public static OwnPlane at(int port, List<Resource> first) throws IOException {
        return new OwnPlane(port, first);
    }

    public int port() {
        return server.getPort();
    }

    public static String typeUrl(Message message) {
        return "type.googleapis.com/" + message.getDescriptorForType().getFullName();
    }

    /** From now on there is this resource. */
    public void set(String name, Message message) {
        change(typeUrl(message), Map.of(name, Any.pack(message)), Set.of());
    }

    /** The same of one with its name, whatever its version. */
    public void set(Resource resource) {
        change(resource.getResource().getTypeUrl(), Map.of(resource.getName(), resource.getResource()), Set.of());
    }

    public void remove(String typeUrl, String name) {
        change(typeUrl, Map.of(), Set.of(name));
    }

    /** From now on these are there, as they are, and those are not: told in one response. */
    public synchronized void change(String typeUrl, Map<String, Any> there, Set<String> gone) {
        version++;
        Map<String, Resource> known = of(typeUrl);
        there.forEach((name, any) -> known.put(
                name,
                Resource.newBuilder()
                        .setName(name)
                        .setVersion(Integer.toString(version))
                        .setResource(any)
                        .build()));
        known.keySet().removeAll(gone);
        List<String> names = new ArrayList<>(there.keySet());
        names.addAll(gone);
        subscribers.forEach(subscriber -> subscriber.changed(typeUrl, names));
    }

    /** Sends what is there of a type under a new version. */
    public synchronized void repeat(String typeUrl) {
        Map<String, Any> there = new LinkedHashMap<>();
        of(typeUrl).forEach((name, resource) -> there.put(name, resource.getResource()));
        change(typeUrl, there, Set.of());
    }

    /** Sends everybody a response that cannot be decoded. */
    public synchronized void sendRubbish() {
        subscribers.forEach(Stream::sendRubbish);
    }

    /** Those that were given to responses since this was last asked; empty as long as a response has none. */
    public synchronized Optional<List<Answer>> takeAnswers() {
        if (!subscribers.stream().allMatch(stream -> stream.unanswered.isEmpty())) {
            return Optional.empty();
        }
        List<Answer> taken = List.copyOf(answers);
        answers.clear();
        return Optional.of(taken);
    }

    /** What a name that nothing was set for stands for, in delta. */
    public synchronized void onDemand(Function<String, Optional<Resource>> answers) {
        onDemand = answers;
    }

    /** Who asks for this name in delta is told neither that there is such a resource nor that there is none. */
    public synchronized void keep(String name) {
        kept.add(name);
    }

    /** The same no longer, from the next change on. */
    public synchronized void tell(String name) {
        kept.remove(name);
    }

    /** What proxies have come to want in delta, in the order in which they said so. */
    public List<String> subscribed(String typeUrl) {
        return deltaRequests.stream()
                .filter(request -> request.getTypeUrl().equals(typeUrl))
                .flatMap(request -> request.getResourceNamesSubscribeList().stream())
                .toList();
    }

    /** What proxies have said in delta to responses of a type: nothing, or why they refuse it. */
    public List<String> verdicts(String typeUrl) {
        return deltaRequests.stream()
                .filter(request -> request.getTypeUrl().equals(typeUrl)
                        && !request.getResponseNonce().isEmpty())
                .map(request -> request.getErrorDetail().getMessage())
                .toList();
    }

    /** The name of a collection, in delta, means its members. */
    private List<String> membersOr(String typeUrl, String name) {
        return name.endsWith(ALL)
                ? of(typeUrl).keySet().stream()
                        .filter(member -> means(name, member))
                        .toList()
                : List.of(name);
    }

    private static boolean means(String asked, String name) {
        return asked.equals(name)
                || (asked.endsWith(ALL) && name.startsWith(asked.substring(0, asked.length() - ALL.length() + 1)));
    }

    private Map<String, Resource> of(String typeUrl) {
        return resources.computeIfAbsent(typeUrl, _ -> new LinkedHashMap<>());
    }

    private final class AnyMethod extends HandlerRegistry {

        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
            return method.contains("/Delta")
                    ? definition(
                            method,
                            DeltaDiscoveryRequest.getDefaultInstance(),
                            DeltaDiscoveryResponse.getDefaultInstance(),
                            DeltaStream::new)
                    : definition(
                            method,
                            DiscoveryRequest.getDefaultInstance(),
                            DiscoveryResponse.getDefaultInstance(),
                            SotwStream::new);
        }

        private <Q extends Message, A extends Message> ServerMethodDefinition<Q, A> definition(
                String method, Q request, A response, ServerCalls.BidiStreamingMethod<Q, A> stream) {
            return ServerMethodDefinition.create(
                    MethodDescriptor.<Q, A>newBuilder()
                            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                            .setFullMethodName(method)
                            .setRequestMarshaller(ProtoUtils.marshaller(request))
                            .setResponseMarshaller(ProtoUtils.marshaller(response))
                            .build(),
                    ServerCalls.asyncBidiStreamingCall(stream));
        }
    }

    private abstract class Stream<Q> implements StreamObserver<Q> {

        private final Set<String> unanswered = new HashSet<>();
        private String node = "";

        /** @param out to whom nothing is said when he is gone */
        private Stream(StreamObserver<?> out) {
            ((ServerCallStreamObserver<?>) out).setOnCancelHandler(this::onCompleted);
            synchronized (OwnPlane.this) {
                subscribers.add(this);
            }
        }

        abstract void changed(String typeUrl, List<String> names);

        abstract void sendRubbish();

        String nextNonce() {
            String next = Integer.toString(++nonce);
            unanswered.add(next);
            return next;
        }

        /** It may be the answer to a response. */
        void heard(Node by, String typeUrl, String ofNonce, Status error) {
            if (!by.getId().isEmpty()) {
                node = by.getId();
            }
            if (unanswered.remove(ofNonce)) {
                answers.add(new Answer(node, typeUrl, error.getMessage()));
            }
        }

        @Override
        public void onError(Throwable gone) {
            onCompleted();
        }

        @Override
        public void onCompleted() {
            synchronized (OwnPlane.this) {
                subscribers.remove(this);
            }
        }
    }

    private final class SotwStream extends Stream<DiscoveryRequest> {

        private final StreamObserver<DiscoveryResponse> out;
        private final Map<String, List<String>> asked = new HashMap<>();
        /** Of these an empty list no longer means everything. */
        private final Set<String> named = new HashSet<>();

        SotwStream(StreamObserver<DiscoveryResponse> out) {
            super(out);
            this.out = out;
        }

        @Override
        public void onNext(DiscoveryRequest request) {
            synchronized (OwnPlane.this) {
                requests.add(request);
                heard(request.getNode(), request.getTypeUrl(), request.getResponseNonce(), request.getErrorDetail());
                List<String> before = asked.put(request.getTypeUrl(), List.copyOf(request.getResourceNamesList()));
                if (request.getResourceNamesCount() > 0) {
                    named.add(request.getTypeUrl());
                }
                if (!request.getResourceNamesList().equals(before)) {
                    respond(request.getTypeUrl());
                }
            }
        }

        @Override
        void changed(String typeUrl, List<String> names) {
            if (asked.containsKey(typeUrl)) {
                respond(typeUrl);
            }
        }

        @Override
        void sendRubbish() {
            out.onNext(DiscoveryResponse.newBuilder().setUnknownFields(RUBBISH).build());
        }

        private void respond(String typeUrl) {
            List<String> names = asked.getOrDefault(typeUrl, List.of());
            if (names.isEmpty() && named.contains(typeUrl)) {
                return;
            }
            var response = DiscoveryResponse.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setVersionInfo(Integer.toString(version))
                    .setNonce(nextNonce());
            of(typeUrl).values().stream()
                    .filter(resource -> !named.contains(typeUrl) || names.contains(resource.getName()))
                    .forEach(resource -> response.addResources(resource.getResource()));
            out.onNext(response.build());
        }
    }

    private final class DeltaStream extends Stream<DeltaDiscoveryRequest> {

        private final StreamObserver<DeltaDiscoveryResponse> out;
        private final Map<String, Set<String>> named = new HashMap<>();
        private final Set<String> wildcards = new HashSet<>();

        DeltaStream(StreamObserver<DeltaDiscoveryResponse> out) {
            super(out);
            this.out = out;
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            synchronized (OwnPlane.this) {
                deltaRequests.add(request);
                heard(request.getNode(), request.getTypeUrl(), request.getResponseNonce(), request.getErrorDetail());
                String typeUrl = request.getTypeUrl();
                boolean first = !named.containsKey(typeUrl);
                Set<String> names = named.computeIfAbsent(typeUrl, _ -> new HashSet<>());
                names.addAll(request.getResourceNamesSubscribeList());
                names.removeAll(request.getResourceNamesUnsubscribeList());
                List<String> wanted = new ArrayList<>();
                request.getResourceNamesSubscribeList().forEach(name -> wanted.addAll(membersOr(typeUrl, name)));
                if (wanted.remove("*") || (first && wanted.isEmpty())) {
                    wildcards.add(typeUrl);
                    wanted.addAll(of(typeUrl).keySet());
                }
                if (first || request.getResourceNamesSubscribeCount() > 0) {
                    send(typeUrl, wanted);
                }
            }
        }

        @Override
        void changed(String typeUrl, List<String> names) {
            List<String> wanted = names.stream()
                    .filter(name -> wildcards.contains(typeUrl)
                            || named.getOrDefault(typeUrl, Set.of()).stream().anyMatch(each -> means(each, name)))
                    .toList();
            if (!wanted.isEmpty()) {
                send(typeUrl, wanted);
            }
        }

        @Override
        void sendRubbish() {
            out.onNext(DeltaDiscoveryResponse.newBuilder()
                    .setUnknownFields(RUBBISH)
                    .build());
        }

        private void send(String typeUrl, List<String> names) {
            var response = DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setSystemVersionInfo(Integer.toString(version))
                    .setNonce(nextNonce());
            for (String name : names) {
                if (kept.contains(name)) {
                    continue;
                }
                Optional.ofNullable(of(typeUrl).get(name))
                        .or(() -> onDemand.apply(name))
                        .ifPresentOrElse(response::addResources, () -> response.addRemovedResources(name));
            }
            out.onNext(response.build());
        }
    }

    @Override
    public void close() {
        GrpcServers.stop(server);
    }
}

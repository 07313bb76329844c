package dev.starling.xds.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.config.discovery.GrpcService.Metadatum;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcTransportIT {

    private static final String METHOD =
            "envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

    private final BlockingQueue<Metadata> heads = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> authorities = new LinkedBlockingQueue<>();
    private final BlockingQueue<DiscoveryRequest> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamObserver<DiscoveryResponse>> streams = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Closed> ends = new LinkedBlockingQueue<>();
    private Server server;
    private GrpcTransport transport;

    private final Transport.Receiver receiver = new Transport.Receiver() {
        @Override
        public void message(ByteBuffer message) {
            messages.add(message);
        }

        @Override
        public void closed(Closed why) {
            ends.add(why);
        }
    };

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        heads.add(headers);
                        authorities.add(String.valueOf(call.getAuthority()));
                        return next.startCall(call, headers);
                    }
                })
                .addService(new AggregatedDiscoveryServiceImplBase() {
                    @Override
                    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
                            StreamObserver<DiscoveryResponse> responses) {
                        streams.add(responses);
                        return new StreamObserver<>() {
                            @Override
                            public void onNext(DiscoveryRequest request) {
                                requests.add(request);
                            }

                            @Override
                            public void onError(Throwable failure) {
                                ends.add(Closed.unavailable("the client has cancelled"));
                            }

                            @Override
                            public void onCompleted() {
                                responses.onCompleted();
                            }
                        };
                    }
                })
                .build()
                .start();
        transport = new GrpcTransport();
    }

    @AfterEach
    void stop() throws Exception {
        transport.close();
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }

    private String address() {
        return "127.0.0.1:" + ((InetSocketAddress) server.getListenSockets().getFirst()).getPort();
    }

    private GrpcService service() {
        return new GrpcService(
                new Target.Channel("dns:///" + address()),
                List.of(new Metadatum("x-token", "secret"), new Metadatum("x-bin", "d2h5")),
                Backoff.DEFAULT);
    }

    private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T taken = queue.poll(30, TimeUnit.SECONDS);
        assertThat(taken).isNotNull();
        return taken;
    }

    @Test
    void carriesMessagesBothWaysWithMetadataAndAuthority() throws Exception {
        var call = transport.open(service(), METHOD, receiver);
        var request = DiscoveryRequest.newBuilder().setVersionInfo("7").build();
        call.send(request.toByteString().asReadOnlyByteBuffer());

        assertThat(take(requests)).isEqualTo(request);
        Metadata head = take(heads);
        assertThat(head.get(Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("secret");
        assertThat(head.get(Metadata.Key.of("x-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                .asString()
                .isEqualTo("why");
        assertThat(take(authorities)).isEqualTo(address());

        var response = DiscoveryResponse.newBuilder().setNonce("n").build();
        take(streams).onNext(response);
        call.more();
        assertThat(DiscoveryResponse.parseFrom(take(messages))).isEqualTo(response);
        call.cancel();
    }

    @Test
    void takesOnlyAsManyMessagesAsItWasAllowed() throws Exception {
        var call = transport.open(service(), METHOD, receiver);
        var stream = take(streams);
        call.more();
        stream.onNext(DiscoveryResponse.newBuilder().setNonce("1").build());
        stream.onNext(DiscoveryResponse.newBuilder().setNonce("2").build());
        stream.onCompleted();
        take(messages);
        assertThat(messages).isEmpty();
        assertThat(ends).isEmpty();

        call.more();
        assertThat(DiscoveryResponse.parseFrom(take(messages)).getNonce()).isEqualTo("2");
        assertThat(take(ends)).isEqualTo(new Closed(0, "OK"));
    }

    @Test
    void tellsWhyTheOtherSideHasEnded() throws Exception {
        transport.open(service(), METHOD, receiver).more();
        take(streams)
                .onError(Status.INVALID_ARGUMENT.withDescription("who are you").asException());

        assertThat(take(ends)).isEqualTo(new Closed(3, "who are you"));
    }

    @Test
    void aMessageThatIsTooLongEndsTheStream() throws Exception {
        transport.open(service(), METHOD, receiver).more();
        take(streams)
                .onNext(DiscoveryResponse.newBuilder()
                        .setNonce("n".repeat(GrpcTransport.MAX_RECEIVED_BYTES))
                        .build());

        assertThat(take(ends).status()).isEqualTo(8);
        assertThat(messages).isEmpty();
    }

    @Test
    void tellsThatNobodyCanBeReached() throws Exception {
        GrpcService service = service();
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        transport.open(service, METHOD, receiver).more();
        assertThat(take(ends).status()).isEqualTo(14);
    }

    @Test
    void tellsThatATargetMakesNoSense() throws Exception {
        var service = new GrpcService(new Target.Channel("nobody knows this://x"), List.of(), Backoff.DEFAULT);
        transport.open(service, METHOD, receiver).send(ByteBuffer.allocate(0));
        assertThat(take(ends).status()).isEqualTo(14);
    }
}

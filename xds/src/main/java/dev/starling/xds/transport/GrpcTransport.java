package dev.starling.xds.transport;

import com.google.protobuf.ByteString;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Target;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Streams of the gRPC library. Each has a connection of its own, in clear, that is opened with it and closes with it; all
 * share one thread, which begins with the first.
 */
public final class GrpcTransport implements Transport, AutoCloseable {

    private final Function<String, Optional<SocketAddress>> endpoints;
    private @Nullable EventLoopGroup threads;

    /** @param endpoints picks an endpoint of a cluster that is in service */
    public GrpcTransport(Function<String, Optional<SocketAddress>> endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Call open(GrpcService service, String method, Receiver receiver) {
        try {
            Optional<NettyChannelBuilder> channel = channel(service.target());
            if (channel.isPresent()) {
                return open(channel.get(), method, metadata(service), receiver);
            }
            receiver.closed(Closed.unavailable("no endpoint of " + service.target() + " is in service"));
        } catch (RuntimeException unusable) { // such as a URI, an authority or a header that the library does not take
            receiver.closed(Closed.unavailable(String.valueOf(unusable.getMessage())));
        }
        return NoCall.NO_CALL;
    }

    private Optional<NettyChannelBuilder> channel(Target target) {
        return switch (target) {
            case Target.Channel(var uri) -> Optional.of(NettyChannelBuilder.forTarget(uri));
            case Target.Cluster cluster ->
                endpoints
                        .apply(cluster.name())
                        .map(address -> NettyChannelBuilder.forAddress(address)
                                .overrideAuthority(cluster.authority().isEmpty() ? cluster.name() : cluster.authority())
                                .maxInboundMessageSize(cluster.maxReceived().clampedToInt()));
        };
    }

    private Call open(NettyChannelBuilder builder, String method, Metadata metadata, Receiver receiver) {
        ManagedChannel channel = builder.usePlaintext()
                .directExecutor()
                .disableRetry()
                .disableServiceConfigLookUp()
                .eventLoopGroup(threads())
                .channelType(NioSocketChannel.class)
                .build();
        ClientCall<ByteString, ByteString> call = channel.newCall(
                MethodDescriptor.newBuilder(BytesMarshaller.BYTES, BytesMarshaller.BYTES)
                        .setType(MethodType.BIDI_STREAMING)
                        .setFullMethodName(method)
                        .build(),
                CallOptions.DEFAULT);
        call.start(new Listener(channel, receiver), metadata);
        return new GrpcCall(channel, call);
    }

    private synchronized EventLoopGroup threads() {
        EventLoopGroup running = threads;
        if (running == null) {
            running = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("starling-xds", true), NioIoHandler.newFactory());
            threads = running;
        }
        return running;
    }

    private static Metadata metadata(GrpcService service) {
        Metadata metadata = new Metadata();
        service.initialMetadata()
                .forEach(each ->
                        metadata.put(Metadata.Key.of(each.name(), Metadata.ASCII_STRING_MARSHALLER), each.value()));
        return metadata;
    }

    @Override
    public synchronized void close() {
        if (threads != null) {
            threads.shutdownGracefully();
        }
    }

    private enum NoCall implements Call {
        NO_CALL;

        @Override
        public void send(ByteString message) {}

        @Override
        public void more() {}

        @Override
        public void cancel() {}
    }

    private record GrpcCall(ManagedChannel channel, ClientCall<ByteString, ByteString> call) implements Call {

        @Override
        public void send(ByteString message) {
            call.sendMessage(message);
        }

        @Override
        public void more() {
            call.request(1);
        }

        @Override
        public void cancel() {
            call.cancel("no longer wanted", null);
            channel.shutdown();
        }
    }

    private static final class Listener extends ClientCall.Listener<ByteString> {

        private final ManagedChannel channel;
        private final Receiver receiver;

        Listener(ManagedChannel channel, Receiver receiver) {
            this.channel = channel;
            this.receiver = receiver;
        }

        @Override
        public void onMessage(ByteString message) {
            receiver.message(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            channel.shutdown();
            String description = status.getDescription();
            receiver.closed(new Closed(
                    status.getCode().value(),
                    description == null ? status.getCode().name() : description));
        }
    }
}

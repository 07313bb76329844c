package dev.starling.xds.transport;

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
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Streams of the gRPC library ({@code google_grpc}). Each has a connection of its own, in clear, that is opened with it and
 * closes with it; all share one thread, which begins with the first.
 */
public final class GrpcTransport implements Transport, AutoCloseable {

    /** The longest message that is taken. */
    static final int MAX_RECEIVED_BYTES = 64 * 1024 * 1024;

    private @Nullable EventLoopGroup threads;

    @Override
    public Call open(GrpcService service, String method, Receiver receiver) {
        if (!(service.target() instanceof Target.Channel(var uri))) {
            throw new IllegalArgumentException("not a channel: " + service.target());
        }
        try {
            return open(NettyChannelBuilder.forTarget(uri), method, metadata(service), receiver);
        } catch (RuntimeException unusable) { // such as a URI or a header that the library does not take
            receiver.closed(Closed.unavailable(String.valueOf(unusable.getMessage())));
            return NoCall.NO_CALL;
        }
    }

    private Call open(NettyChannelBuilder builder, String method, Metadata metadata, Receiver receiver) {
        ManagedChannel channel = builder.usePlaintext()
                .maxInboundMessageSize(MAX_RECEIVED_BYTES)
                .directExecutor()
                .disableRetry()
                .disableServiceConfigLookUp()
                .eventLoopGroup(threads())
                .channelType(NioSocketChannel.class)
                .build();
        ClientCall<ByteBuffer, ByteBuffer> call = channel.newCall(
                MethodDescriptor.newBuilder(BytesMarshaller.BYTES, BytesMarshaller.BYTES)
                        .setType(MethodType.BIDI_STREAMING)
                        .setFullMethodName(method)
                        .build(),
                CallOptions.DEFAULT);
        call.start(new Listener(channel, receiver), metadata);
        return new GrpcCall(channel, call, new AtomicInteger());
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
        service.initialMetadata().forEach(each -> {
            if (each.name().endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                metadata.put(
                        Metadata.Key.of(each.name(), Metadata.BINARY_BYTE_MARSHALLER),
                        Base64.getDecoder().decode(each.value()));
            } else {
                metadata.put(Metadata.Key.of(each.name(), Metadata.ASCII_STRING_MARSHALLER), each.value());
            }
        });
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
        public void send(ByteBuffer message) {}

        @Override
        public int waitingBytes() {
            return 0;
        }

        @Override
        public void finish() {}

        @Override
        public void more() {}

        @Override
        public void cancel() {}
    }

    /** @param unready bytes that were sent since the library last had room */
    private record GrpcCall(ManagedChannel channel, ClientCall<ByteBuffer, ByteBuffer> call, AtomicInteger unready)
            implements Call {

        @Override
        public void send(ByteBuffer message) {
            if (call.isReady()) {
                unready.set(0);
            }
            unready.addAndGet(message.remaining());
            call.sendMessage(message);
        }

        @Override
        public int waitingBytes() {
            return call.isReady() ? 0 : unready.get();
        }

        @Override
        public void finish() {
            call.halfClose();
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

    private static final class Listener extends ClientCall.Listener<ByteBuffer> {

        private final ManagedChannel channel;
        private final Receiver receiver;

        Listener(ManagedChannel channel, Receiver receiver) {
            this.channel = channel;
            this.receiver = receiver;
        }

        @Override
        public void onMessage(ByteBuffer message) {
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

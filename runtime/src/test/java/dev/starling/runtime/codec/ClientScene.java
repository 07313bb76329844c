package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.loop.OneLoop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.time.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A connection to an upstream without a socket: what it writes is there to read, what it reads is given to it. */
final class ClientScene implements UpstreamStream.Receiver, ClientConnection.Owner {

    private static final OneLoop one = new OneLoop(Clock.SYSTEM);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final Transcript transcript = new Transcript();
    private final EmbeddedChannel channel;
    private final Http1ClientConnection connection;
    private int linesTaken;

    ClientScene() {
        channel = one.turn(() -> {
            EmbeddedChannel made = new EmbeddedChannel();
            made.config().setAllocator(allocator);
            return made;
        });
        connection = new Http1ClientConnection(
                one.loop(),
                channel,
                ProxyFixture.endpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)),
                UpstreamHttp.DEFAULT,
                1 << 20,
                this);
        one.turn(() -> {
            channel.pipeline().addLast(connection);
        });
    }

    /** Begins a request. */
    void send(Consumer<UpstreamStream> request) {
        one.turn(() -> request.accept(connection.start(this)));
    }

    boolean untouchedAfter(Consumer<UpstreamStream> request) {
        send(request);
        return connection.untouched();
    }

    ByteBuf bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return allocator.heapBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    /** What left since the last call. */
    String written() {
        return one.turn(() -> {
            StringBuilder text = new StringBuilder();
            for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
                text.append(bytes.toString(StandardCharsets.ISO_8859_1));
                bytes.release();
            }
            return text.toString();
        });
    }

    void receive(String text) {
        if (!text.isEmpty()) {
            one.turn(() -> {
                channel.writeInbound(bytes(text));
            });
        }
    }

    void disconnect() {
        one.turn(() -> {
            channel.close();
        });
    }

    void consume(int bytes) {
        one.turn(() -> connection.consumed(bytes));
    }

    boolean reading() {
        return channel.config().isAutoRead();
    }

    boolean open() {
        return channel.isActive();
    }

    /** What was told since the last call. */
    List<String> told() {
        List<String> all = transcript.lines();
        List<String> fresh = new ArrayList<>(all.subList(linesTaken, all.size()));
        linesTaken = all.size();
        return fresh;
    }

    void close() {
        disconnect();
        written();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes that were not released")
                .isZero();
    }

    static void stop() {
        one.close();
    }

    @Override
    public void onUpstreamEvent(UpstreamStream stream, StreamEvent event) {
        switch (event) {
            case ResponseHead head -> {
                Headers headers = head.headers();
                transcript.line(head.status() + Transcript.fields(headers));
                if (head.endStream()) {
                    transcript.line("end");
                }
            }
            case StreamEvent.Data(var bytes, var end) -> {
                if (bytes.isReadable()) {
                    transcript.line("data " + bytes.toString(StandardCharsets.ISO_8859_1));
                }
                bytes.release();
                if (end) {
                    transcript.line("end");
                }
            }
            case StreamEvent.Trailers(var trailers) -> transcript.line("trailers" + Transcript.fields(trailers));
            case StreamEvent.Reset(var reason, var _) -> transcript.line("reset " + reason.name());
            case RequestHead request -> throw new AssertionError(request);
        }
    }

    @Override
    public void onUpstreamWritable(UpstreamStream stream) {}

    @Override
    public void onStreamEnded() {
        transcript.line("reusable");
    }

    @Override
    public void onRoom() {}

    @Override
    public void onStreamReset(StreamReset reason) {}

    @Override
    public void onClosed(ClientConnection closed, boolean remote, boolean withActiveRequest) {
        transcript.line("closed by " + (remote ? "them" : "us") + (withActiveRequest ? " with a request" : ""));
    }

    @Override
    public void onProtocolError() {
        transcript.line("protocol error");
    }

    @Override
    public void onCloseNotify() {
        transcript.line("close notify");
    }

    @Override
    public void onBytes(long read, long written) {}

    @Override
    public void onReadPaused(boolean paused) {
        transcript.line(paused ? "paused" : "resumed");
    }
}

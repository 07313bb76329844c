package dev.starling.runtime.upstream;

import dev.starling.config.cluster.Cluster;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.tls.EndpointTls;
import dev.starling.runtime.tls.TlsFailure;
import dev.starling.runtime.tls.TlsHandshake;
import dev.starling.runtime.tls.TlsSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a connection to an endpoint, with the cluster's connect timeout. Ends in exactly one call of its
 * {@link Outcome}, unless it is cancelled; the channel it hands over does not read yet.
 */
public final class Connecting {

    /** Bytes a channel may buffer for writing before it counts as not writable, if the buffer limit is not smaller. */
    public static final int WRITE_BUFFER_BYTES = 64 * 1024;

    private static final String NATIVE_CALL = " failed with error(";

    private final Loop loop;
    private final Transport transport;
    private final SocketAddress address;
    private final Cluster settings;
    private final @Nullable EndpointTls tls;
    private final Outcome outcome;
    private final Timeout timeout = new Timeout();
    private @Nullable Channel channel;
    private @Nullable TlsHandshake handshake;
    private @Nullable ByteBuffer first;
    private boolean over;

    /** Called on the loop. */
    public interface Outcome {

        void connected(Channel channel);

        void failed(StreamReset reason, String detail);
    }

    /** @param tls null: the connection is ready as soon as it is there */
    public Connecting(
            Loop loop,
            Transport transport,
            SocketAddress address,
            Cluster settings,
            @Nullable EndpointTls tls,
            Outcome outcome) {
        this.loop = loop;
        this.transport = transport;
        this.address = address;
        this.settings = settings;
        this.tls = tls;
        this.outcome = outcome;
    }

    /** What is said to the endpoint ahead of everything else, security included. */
    Connecting saying(@Nullable ByteBuffer bytes) {
        first = bytes;
        return this;
    }

    public void start() {
        loop.timers().arm(timeout, settings.connectTimeout().toNanos());
        try {
            channel = transport.newChannel(address);
        } catch (ChannelException noMoreSockets) {
            loop.eventLoop().execute(() -> ended(noMoreSockets));
            return;
        }
        Channel opened = channel;
        opened.config()
                .setAutoRead(false)
                .setConnectTimeoutMillis(0)
                .setWriteBufferWaterMark(
                        writeMarks(settings.perConnectionBufferLimit().clampedToInt()));
        ChannelPromise done = new DefaultChannelPromise(opened, loop.eventLoop());
        done.addListener(_ -> ended(done.cause()));
        loop.eventLoop()
                .register(opened)
                .addListener(registered -> loop.eventLoop().execute(() -> {
                    if (registered.isSuccess()) {
                        opened.connect(address, done);
                    } else {
                        done.setFailure(registered.cause());
                    }
                }));
    }

    /** The bounds of a channel's write buffer for a configured buffer limit. */
    public static WriteBufferWaterMark writeMarks(int bufferLimit) {
        int high = Math.max(1, Math.min(WRITE_BUFFER_BYTES, bufferLimit));
        return new WriteBufferWaterMark(high / 2, high);
    }

    private void ended(@Nullable Throwable failure) {
        if (failure == null && !over) {
            connected(Objects.requireNonNull(channel));
            return;
        }
        close();
        if (failure != null && !over) {
            over = true;
            timeout.cancel();
            outcome.failed(StreamReset.REMOTE_CONNECTION_FAILURE, message(failure));
        }
    }

    private void connected(Channel connected) {
        if (first != null) {
            connected.writeAndFlush(Unpooled.wrappedBuffer(first.duplicate()));
        }
        if (tls != null) {
            TlsHandshake.connect(loop, connected, tls, new Securing()).ifPresent(begun -> handshake = begun);
        } else {
            over = true;
            timeout.cancel();
            outcome.connected(connected);
        }
    }

    private void close() {
        if (channel != null) {
            channel.close();
        }
    }

    /**
     * As Envoy words it: {@code delayed connect error: Connection refused}. Netty puts its own call before the system's
     * words, {@code finishConnect(..) failed with error(-111): }, and the address behind them.
     */
    static String message(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        int call = text.indexOf(NATIVE_CALL);
        int words = call < 0 ? 0 : text.indexOf(": ", call) + 2;
        int address = text.indexOf(':', words);
        return "delayed connect error: " + text.substring(words, address < 0 ? text.length() : address);
    }

    /** Gives up; the outcome is not told. */
    public void cancel() {
        over = true;
        timeout.cancel();
        if (handshake != null) {
            handshake.cancel();
        } else {
            close();
        }
    }

    private final class Securing implements TlsHandshake.Outcome {

        @Override
        public void secured(TlsSession session) {
            over = true;
            timeout.cancel();
            outcome.connected(Objects.requireNonNull(channel));
        }

        @Override
        public void failed(TlsFailure failure) {
            over = true;
            timeout.cancel();
            outcome.failed(StreamReset.REMOTE_CONNECTION_FAILURE, failure.reason());
        }
    }

    private final class Timeout extends TimerWheel.Timer {
        @Override
        protected void expired() {
            if (!over) {
                Connecting.this.cancel(); // a timer has a cancel of its own
                outcome.failed(StreamReset.CONNECTION_TIMEOUT, "");
            }
        }
    }
}

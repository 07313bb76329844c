package dev.starling.runtime.http;

import dev.starling.runtime.loop.NettyInternals;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/**
 * Asks whether a client still reads a stream of QUIC. Netty's codec tells of STOP_SENDING (RFC 9000 3.5) only to those who
 * write, and has no event for it: its channel looks for room after each packet, and keeps the answer when nothing waits to be
 * written. So the channel is asked the same by its own method. On the loop.
 */
final class StoppedReading {

    /** What quiche says when it has nothing to say; any other negative number is an error. */
    private static final long DONE = -1;

    private static final MethodHandle STREAM_CAPACITY = NettyInternals.method(
                    NettyInternals.type("io.netty.handler.codec.quic.QuicheQuicChannel", QuicStreamChannel.class),
                    "streamCapacity",
                    MethodType.methodType(long.class, long.class))
            .asType(MethodType.methodType(long.class, Object.class, long.class));

    private StoppedReading() {}

    /** Whether nothing that is written to a stream whose end has not been written would arrive. */
    static boolean by(QuicStreamChannel stream) {
        try {
            long capacity = (long) STREAM_CAPACITY.invokeExact((Object) stream.parent(), stream.streamId());
            return capacity < 0 && capacity != DONE;
        } catch (Throwable e) { // what a method handle declares
            throw new IllegalStateException(e);
        }
    }
}

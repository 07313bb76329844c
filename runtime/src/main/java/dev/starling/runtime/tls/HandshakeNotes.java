package dev.starling.runtime.tls;

import dev.starling.runtime.loop.NettyInternals;
import dev.starling.runtime.tls.hello.ClientHello;
import io.netty.handler.ssl.SslContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the handshakes that are going on, by their engines, which is all that providers tell those whom they
 * ask for certificates and judgements. There are no more of them than handshakes. Java's provider knows the engine inside
 * of Netty's. Any thread.
 */
final class HandshakeNotes {

    private static final Class<?> JDK_ENGINE =
            NettyInternals.type("io.netty.handler.ssl.JdkSslEngine", SslContext.class);
    private static final MethodHandle WRAPPED_ENGINE =
            NettyInternals.method(JDK_ENGINE, "getWrappedEngine", MethodType.methodType(SSLEngine.class));

    private final Map<SSLEngine, Note> notes = new ConcurrentHashMap<>();

    /** Of one handshake; confined to its loop. */
    static final class Note {

        @Nullable
        ClientHello hello;

        /** What the client asks for where nobody sees its hello; empty if it does not, or has not yet. */
        String serverName = "";

        /** What became of the OCSP response that the client asked for. */
        Staple staple = Staple.NOT_ASKED;

        /** What is wrong with the peer, which is let in all the same or not at all. */
        @Nullable
        PeerRejected rejected;

        /** What was known of the session when the peer was rejected. */
        @Nullable
        TlsSession unfinished;
    }

    /** What Envoy counts of OCSP. */
    enum Staple {
        NOT_ASKED,
        SENT,
        OMITTED,
        FAILED
    }

    Note begin(SSLEngine engine) {
        Note note = new Note();
        notes.put(inner(engine), note);
        return note;
    }

    /** Null for a handshake that nobody takes notes of. */
    @Nullable
    Note of(SSLEngine engine) {
        return notes.get(engine);
    }

    /** How many handshakes are going on. */
    int size() {
        return notes.size();
    }

    void end(SSLEngine engine) {
        notes.remove(inner(engine));
    }

    /** Netty's package-private class around Java's engines says what is in it, but not to others. */
    private static SSLEngine inner(SSLEngine engine) {
        if (!JDK_ENGINE.isInstance(engine)) {
            return engine;
        }
        try {
            return (SSLEngine) WRAPPED_ENGINE.invoke(engine);
        } catch (Throwable e) { // what a method handle declares
            throw new IllegalStateException(e);
        }
    }
}

package dev.starling.runtime.tls;

import dev.starling.runtime.tls.hello.ClientHello;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the handshakes that are going on, by their engines, which is all that providers tell those whom they
 * ask for certificates and judgements. There are no more of them than handshakes. Java's provider is told of an engine inside
 * of Netty's, and finds no notes. Any thread.
 */
final class HandshakeNotes {

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
        notes.put(engine, note);
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
        notes.remove(engine);
    }
}

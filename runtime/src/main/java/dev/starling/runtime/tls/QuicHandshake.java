package dev.starling.runtime.tls;

import dev.starling.runtime.stats.StatsStripe;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Notes which name a client of QUIC asks for, before its certificate is chosen: Netty's codec tells it to the connection's
 * pipeline, and key managers only the engine. Confined to the loop.
 */
final class QuicHandshake extends ChannelInboundHandlerAdapter {

    private final SSLEngine engine;
    private final HandshakeNotes notes;
    private final HandshakeNotes.Note note;
    private final TlsStats stats;
    private final StatsStripe stripe;
    private final Consumer<String> asked;

    QuicHandshake(SSLEngine engine, HandshakeNotes notes, TlsStats stats, StatsStripe stripe, Consumer<String> asked) {
        this.stats = stats;
        this.stripe = stripe;
        this.engine = engine;
        this.notes = notes;
        this.note = notes.begin(engine);
        this.asked = asked;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SniCompletionEvent sni) {
            @Nullable String name = sni.hostname();
            if (name != null) {
                note.serverName = name.toLowerCase(Locale.ROOT);
                asked.accept(note.serverName);
            }
        } else if (event instanceof SslHandshakeCompletionEvent) {
            context.pipeline().remove(this);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        notes.end(engine);
        if (note.rejected != null) { // Envoy counts nothing else of the handshakes of QUIC
            stats.rejected(note.rejected.why(), stripe);
        }
    }
}

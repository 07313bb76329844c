package dev.starling.runtime.http.filter.xdsrelay;

import dev.starling.runtime.grpc.BrokenFrame;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.GrpcMessage;
import dev.starling.runtime.grpc.MessageFrame;
import dev.starling.runtime.grpc.MessageReader;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.http.filter.TerminalFilter;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.xds.relay.Relay;
import dev.starling.xds.relay.Relay.Inlet;
import dev.starling.xds.relay.RelayGroups;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries one client's stream to the relay and back, and holds both back by credit: the client while what it has said is
 * not dealt with, the relay while what was sent has not left. Confined to the loop but for what the relay tells.
 */
final class XdsRelayFilter implements TerminalFilter, Relay.Outlet {

    private static final long MAX_REQUEST_BYTES = 4L << 20;

    /** Requests that wait to be dealt with. */
    private static final int MAX_UNTAKEN = 8;

    /** The relay sends no more while so much has not left. */
    private static final int MAX_UNSENT_BYTES = 64 << 10;

    private record End(int status, String message) {}

    private final ExchangeContext context;
    private final Relay relay;
    private final RelayGroups groups;
    private final MessageReader reader = new MessageReader(MAX_REQUEST_BYTES);
    private final ArrayDeque<ByteBuffer> toSend = new ArrayDeque<>();
    private @Nullable RequestHead head;
    private @Nullable Inlet inlet;
    private @Nullable End end;
    private boolean opened;
    private boolean requestEnded;
    private boolean endTold;
    private boolean done;
    private int untaken;
    private int unsentBytes;

    XdsRelayFilter(ExchangeContext context, Relay relay, RelayGroups groups) {
        this.context = context;
        this.relay = relay;
        this.groups = groups;
    }

    // ---- the request ------------------------------------------------------------------------------------------------

    @Override
    public Flow onRequestHead(RequestHead newHead, boolean endStream) {
        head = newHead;
        requestEnded = endStream;
        context.wake();
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        reader.add(chunk.take());
        requestEnded |= endStream;
        context.wake();
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestTrailers(Headers trailers) {
        requestEnded = true;
        context.wake();
        return Flow.CONTINUE;
    }

    @Override
    public boolean accepting() {
        return done || (opened && reader.isEmpty());
    }

    // ---- its turn ---------------------------------------------------------------------------------------------------

    @Override
    public void turn() {
        if (!opened && head != null) {
            opened = true;
            open(head);
        }
        if (inlet != null) {
            read(inlet);
            write(inlet);
        }
    }

    private void open(RequestHead request) {
        if (!ContentTypes.isGrpc(request.headers().get(HeaderName.CONTENT_TYPE))) {
            reply(LocalReply.of(415, "this listener serves xDS over gRPC", null, "xds_relay_not_grpc"));
            return;
        }
        Optional<Inlet> stream = relay.open(request.path().substring(1), groups, this);
        if (stream.isEmpty()) {
            reply(LocalReply.of(404, "no such method", null, "xds_relay_no_such_method"));
            return;
        }
        inlet = stream.get();
        Headers headers = new Headers();
        headers.add(HeaderName.CONTENT_TYPE, ContentTypes.GRPC);
        context.details("xds_relay");
        context.respond(new ResponseHead(200, Protocol.HTTP_2, headers, -1, false), false);
        inlet.ready();
    }

    private void reply(LocalReply reply) {
        done = true;
        context.sendLocalReply(reply);
    }

    private void read(Inlet stream) {
        try {
            while (!done && untaken < MAX_UNTAKEN) {
                ByteBuffer message = reader.next();
                if (message == null) {
                    break;
                }
                untaken++;
                stream.message(message);
            }
        } catch (BrokenFrame broken) {
            end = new End(broken.status(), String.valueOf(broken.getMessage()));
        }
        if (reader.isEmpty()) {
            context.acceptingAgain();
            if (requestEnded && !endTold) {
                endTold = true;
                stream.ended();
            }
        }
    }

    private void write(Inlet stream) {
        for (ByteBuffer message = toSend.poll(); message != null && !done; message = toSend.poll()) {
            ByteBuf frame = MessageFrame.of(message);
            unsentBytes += frame.readableBytes();
            context.respond(frame, false);
            if (unsentBytes < MAX_UNSENT_BYTES) {
                stream.ready();
            }
        }
        if (end != null && !done) {
            done = true;
            Headers trailers = new Headers();
            trailers.add(HeaderName.GRPC_STATUS, end.status());
            byte[] text = end.message().getBytes(StandardCharsets.UTF_8);
            if (text.length > 0) {
                trailers.add(HeaderName.GRPC_MESSAGE, GrpcMessage.encode(text, text.length));
            }
            context.respondTrailers(trailers);
        }
    }

    @Override
    public void responseConsumed(int bytes) {
        boolean full = unsentBytes >= MAX_UNSENT_BYTES;
        unsentBytes -= bytes;
        if (full && unsentBytes < MAX_UNSENT_BYTES && inlet != null) {
            inlet.ready();
        }
    }

    @Override
    public void abandon() {
        done = true;
    }

    @Override
    public void onEnd() {
        done = true;
        if (inlet != null) {
            inlet.closed();
        }
        reader.release();
    }

    // ---- from the relay, on its threads -----------------------------------------------------------------------------

    @Override
    public void send(ByteBuffer message) {
        context.execute(() -> {
            toSend.add(message);
            context.wake();
        });
    }

    @Override
    public void taken() {
        context.execute(() -> {
            untaken--;
            context.wake();
        });
    }

    @Override
    public void end(int status, String message) {
        context.execute(() -> {
            end = new End(status, message);
            context.wake();
        });
    }
}

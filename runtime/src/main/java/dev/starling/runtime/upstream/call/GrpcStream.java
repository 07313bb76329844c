package dev.starling.runtime.upstream.call;

import dev.starling.runtime.grpc.BrokenFrame;
import dev.starling.runtime.grpc.GrpcMessage;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.grpc.MessageFrame;
import dev.starling.runtime.grpc.MessageReader;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Closed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of gRPC messages on a cluster (Envoy's {@code Grpc::AsyncStreamImpl}). Confined to the loop but for what its user says; who
 * asks it something is on the loop.
 */
final class GrpcStream implements Transport.Call, ClusterCall.Caller {

    /**
     * What may wait for a peer that does not read: a control plane that answers and never listens would have
     * acknowledgements pile up without end.
     */
    private static final int MOST_WAITING_BYTES = 64 * 1024 * 1024;

    private final OwnClusters clusters;
    private final Transport.Receiver receiver;
    private final MessageReader messages;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable ClusterCall call;
    private int asked;
    private @Nullable Closed end;
    private boolean finishing;
    private boolean over;

    GrpcStream(OwnClusters clusters, long maxMessage, Transport.Receiver receiver) {
        this.clusters = clusters;
        this.receiver = receiver;
        this.messages = new MessageReader(maxMessage);
    }

    void open(String cluster, RequestHead head) {
        clusters.onLoop(() -> {
            LoopCluster found = clusters.find(cluster);
            if (found == null) {
                finish(Closed.unavailable("Cluster not available"));
            } else if (!over) {
                call = new ClusterCall(clusters.loop(), found, head, this);
                call.start(Duration.ZERO);
            }
        });
    }

    // ---- from its user --------------------------------------------------------------------------------------------

    @Override
    public void send(ByteBuffer message) {
        clusters.onLoop(() -> {
            if (over) {
                return;
            }
            ByteBuf frame = MessageFrame.of(message);
            waiting.add(frame);
            waitingBytes += frame.readableBytes();
            write();
            if (waitingBytes > MOST_WAITING_BYTES) {
                finish(new Closed(GrpcStatus.RESOURCE_EXHAUSTED, "requests are not read"));
            }
        });
    }

    @Override
    public int waitingBytes() {
        return waitingBytes;
    }

    @Override
    public void finish() {
        clusters.onLoop(() -> {
            finishing = true;
            write();
        });
    }

    @Override
    public void more() {
        clusters.onLoop(() -> {
            asked++;
            deliver();
        });
    }

    @Override
    public void cancel() {
        clusters.onLoop(this::release);
    }

    // ---- from the cluster -----------------------------------------------------------------------------------------

    @Override
    public void ready() {
        write();
    }

    @Override
    public void writable() {
        write();
    }

    private void write() {
        ClusterCall open = call;
        while (open != null && !waiting.isEmpty() && open.writable()) {
            ByteBuf next = waiting.remove();
            waitingBytes -= next.readableBytes();
            open.write(next, false);
        }
        if (finishing && open != null && waiting.isEmpty() && open.writable()) {
            finishing = false;
            open.write(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void head(ResponseHead head) {
        boolean hasStatus = head.headers().contains(HeaderName.GRPC_STATUS);
        if (head.status() != 200 && !(head.endStream() && hasStatus)) {
            finish(new Closed(GrpcStatus.ofHttp(head.status()), "HTTP status " + head.status()));
        } else if (head.endStream()) {
            end(head.headers());
        }
    }

    @Override
    public void data(ByteBuf bytes, boolean last) {
        messages.add(bytes);
        if (last) {
            end = new Closed(GrpcStatus.UNKNOWN, "the response has ended without a status");
        }
        deliver();
    }

    @Override
    public void trailers(Headers trailers) {
        end(trailers);
    }

    private void end(Headers trailers) {
        int status = GrpcStatus.parse(trailers.get(HeaderName.GRPC_STATUS));
        String message = trailers.get(HeaderName.GRPC_MESSAGE);
        end = new Closed(
                status == GrpcStatus.NONE || status == GrpcStatus.INVALID ? GrpcStatus.UNKNOWN : status,
                message == null ? "" : GrpcMessage.decode(message));
        deliver();
    }

    @Override
    public void failed(CallFailure failure) {
        finish(
                failure.begun()
                        ? new Closed(GrpcStatus.INTERNAL, failure.message())
                        : new Closed(GrpcStatus.ofHttp(failure.status()), failure.message()));
    }

    /** What was asked for, and the end when all before it is told. */
    private void deliver() {
        try {
            while (asked > 0 && !over) {
                ByteBuffer message = messages.next();
                credit();
                if (message == null) {
                    break;
                }
                asked--;
                receiver.message(message);
            }
        } catch (BrokenFrame broken) {
            finish(new Closed(broken.status(), Objects.requireNonNull(broken.getMessage())));
        }
        Closed said = end;
        if (said != null && messages.isEmpty()) {
            finish(said);
        }
    }

    private void credit() {
        int bytes = messages.takeConsumed();
        if (call != null && bytes > 0) {
            call.consumed(bytes);
        }
    }

    private void finish(Closed why) {
        if (!over) {
            release();
            receiver.closed(why);
        }
    }

    private void release() {
        over = true;
        messages.release();
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        waitingBytes = 0;
        if (call != null) {
            call.abandon();
        }
    }
}

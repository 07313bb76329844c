package dev.starling.runtime.upstream.call;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.xds.transport.Fetcher.Fetched;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request of ours and its whole answer. Confined to the loop. */
final class HttpFetch implements ClusterCall.Caller {

    /** An answer that is longer is none; as with streams, more than any control plane has to say. */
    private static final int MOST_ANSWER_BYTES = 64 * 1024 * 1024;

    private final ByteBuffer question;
    private final Consumer<Fetched> answered;
    private final ByteBuf body = Unpooled.buffer(0);
    private @Nullable ClusterCall call;
    private int status;
    private boolean over;

    HttpFetch(ByteBuffer question, Consumer<Fetched> answered) {
        this.question = question;
        this.answered = answered;
    }

    /** @param cluster null: there is none */
    void start(Loop loop, @Nullable LoopCluster cluster, RequestHead head, Duration timeout) {
        if (cluster == null) {
            finish(new Fetched.Failed("Cluster not available"));
        } else if (!over) {
            call = new ClusterCall(loop, cluster, head, this);
            call.start(timeout);
        }
    }

    void cancel() {
        over = true;
        if (call != null) {
            call.abandon();
        }
    }

    @Override
    public void ready() {
        Objects.requireNonNull(call).write(Unpooled.wrappedBuffer(question), true);
    }

    @Override
    public void head(ResponseHead head) {
        status = head.status();
        finishIf(head.endStream());
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int length = bytes.readableBytes();
        if (body.readableBytes() + length > MOST_ANSWER_BYTES) {
            finish(new Fetched.Failed("the answer has more than " + MOST_ANSWER_BYTES + " bytes"));
        } else {
            body.writeBytes(bytes);
            Objects.requireNonNull(call).consumed(length);
            finishIf(end);
        }
        bytes.release();
    }

    @Override
    public void trailers(Headers trailers) {
        finishIf(true);
    }

    @Override
    public void failed(CallFailure failure) {
        finish(new Fetched.Failed(failure.message()));
    }

    @Override
    public void writable() {
        // All that is to be said was said at once.
    }

    private void finishIf(boolean end) {
        if (end) {
            finish(new Fetched.Answer(status, body.nioBuffer()));
        }
    }

    private void finish(Fetched fetched) {
        if (!over) {
            cancel();
            answered.accept(fetched);
        }
    }
}

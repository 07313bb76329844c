package dev.starling.runtime.http.filter;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.route.FormatContext;
import dev.starling.runtime.route.RouteResult;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** An exchange as its filters see it. Confined to the loop; {@link #execute} is the way back from other threads. */
public interface ExchangeContext extends FormatContext {

    Loop loop();

    DownstreamConnection connection();

    /** The route, found when first asked for; null if none matches. */
    @Nullable
    RouteResult route();

    /** Forgets the route, so that changed headers choose again. */
    void clearRoute();

    /**
     * Asks the control plane for routes for the request's host. Runs the task when they are there or it is known that there
     * are none, as {@link #execute} does.
     *
     * @return false if nobody can be asked
     */
    boolean askForRoutes(Runnable answered);

    /** False once the exchange has ended: results of asynchronous work are then of no use. */
    boolean open();

    /** The filter lets the request go on that it has stopped; without effect if it has not. */
    void resumeRequest(HttpFilter filter);

    /** The filter lets the response go on that it has stopped; without effect if it has not. */
    void resumeResponse(HttpFilter filter);

    /**
     * Puts bytes before the request's trailers, which the filter is being shown. Ownership passes; the next filter sees
     * them as data.
     */
    void addRequestData(HttpFilter filter, ByteBuf bytes);

    /** The same for the response. */
    void addResponseData(HttpFilter filter, ByteBuf bytes);

    /**
     * Gives a response that has no trailers some: in place of the end that the filter is being shown, be it a head without
     * a body or the last of the data, these bytes and these trailers go on. Ownership passes. The filter then continues
     * the head, or stops the data, which it has taken.
     */
    void endResponse(HttpFilter filter, ByteBuf bytes, Headers trailers);

    /** How many bytes of a message filters may hold. */
    int bufferLimit();

    /**
     * Runs the task on the exchange's loop, at once if already there, and not at all if the exchange is over by then. An
     * exception ends the exchange as one in a filter does. Any thread.
     */
    void execute(Runnable task);

    /** A timer for {@link Loop#timers}, guarded in the same way. Whoever arms it cancels it in {@code onEnd}. */
    TimerWheel.Timer timer(Runnable expired);

    /** Answers instead of the upstream. After a response head was sent, resets the stream instead. */
    void sendLocalReply(LocalReply reply);

    /** What logs will say; filters may add to it. */
    @Override
    StreamInfo info();

    /** Marks the exchange for logs and stats. */
    void flag(ResponseFlag flag);

    void details(String responseCodeDetails);

    /** For terminal filters: the response. Ownership of bytes passes. */
    void respond(ResponseHead head, boolean endStream);

    void respond(ByteBuf bytes, boolean endStream);

    void respondTrailers(Headers trailers);

    /** For terminal filters: the response broke off after its head was sent. */
    void breakOff(@Nullable ResponseFlag flag, String details);

    /** For terminal filters: whether a response head was already given. */
    boolean responding();

    /** For terminal filters: more work has come; a turn follows. */
    void wake();

    /** For terminal filters: request body can be taken again. */
    void acceptingAgain();

    /** Whether the whole request has been received. */
    boolean requestComplete();
}

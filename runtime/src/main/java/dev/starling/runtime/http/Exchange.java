package dev.starling.runtime.http;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.http.filter.TerminalFilter;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.DownstreamStream;
import dev.starling.runtime.message.EventQueue;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.HostRequests;
import dev.starling.runtime.route.RouteResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: the element that flows through the connection manager's stages
 * (docs/decisions/0008-exchange-events.md). The codec puts events in and makes it ready; in its turn the events pass the
 * filters. It owns every buffer that is on its way through it, and releases them when it ends, however it ends.
 * Confined to its loop.
 */
public final class Exchange extends Ready implements ExchangeContext {

    private final ConnectionManagerLane lane;
    private final ConnectionManager manager;
    private final DownstreamStream downstream;
    private final StreamInfo info = new StreamInfo();
    private final EventQueue inbox = new EventQueue();
    private final ExchangeLimits limits;
    private final long random;
    private final @Nullable LocalReply refusal;

    private final RequestHead request;
    private @Nullable ResponseHead response;
    private @Nullable RouteResult route;
    private boolean routed;
    private HttpFilter[] filters = ConnectionManager.NO_FILTERS;
    private boolean filtersFailed;
    private @Nullable TerminalFilter terminal;
    private @Nullable RequestIteration requestIteration;
    private @Nullable ResponseIteration responseIteration;

    private boolean ended;
    /** The proxy answers itself: what still comes of the request or from the terminal filter is dropped. */
    private boolean answered;

    /** What a reply of the proxy must look like; of the request as it came, whatever filters make of it. */
    private boolean grpc;

    private boolean begun;
    private boolean upgraded;
    private boolean requestComplete;
    private boolean terminalWork;
    private boolean responseHeadGiven;
    private boolean responseHeadSent;
    private int owedDownstream;
    private int owedUpstream;

    /** Neighbours in the lane's table of exchanges. */
    @Nullable
    Exchange previousInLane;

    @Nullable
    Exchange nextInLane;

    /** @param refusal the answer to a request that the codec refused, or null */
    Exchange(
            ConnectionManagerLane lane,
            DownstreamStream downstream,
            RequestHead request,
            @Nullable LocalReply refusal) {
        this.lane = lane;
        this.manager = lane.manager();
        this.downstream = downstream;
        this.request = request;
        this.refusal = refusal;
        this.random = lane.loop().random().nextLong() & Long.MAX_VALUE;
        this.limits = new ExchangeLimits(this, lane);
        info.startNanos = limits.activeNanos();
        info.startWallMillis = lane.loop().clock().wallMillis();
    }

    // ---- from the codec -------------------------------------------------------------------------------------------

    /** An event of the request. Called by the codec; the exchange gets its turn when the codec has read what it could. */
    public void onEvent(StreamEvent event) {
        if (ended) {
            if (event instanceof StreamEvent.Data data) {
                data.bytes().release();
            }
            return;
        }
        inbox.add(event);
        lane.ready(this);
    }

    /** The client can take more of the response. */
    public void downstreamWritable() {
        if (owedUpstream > 0 && !ended && !answered && terminal != null && !responseHeldBack()) {
            int bytes = owedUpstream;
            owedUpstream = 0;
            terminal.responseConsumed(bytes);
        }
    }

    // ---- the connection manager's stage ---------------------------------------------------------------------------

    void managerTurn() {
        if (ended) {
            return;
        }
        limits.active();
        if (!begun) {
            begin();
        }
        for (StreamEvent event = inbox.poll(); event != null; event = inbox.poll()) {
            switch (event) {
                case StreamEvent.Data data -> requestData(data);
                case StreamEvent.Trailers trailers -> requestTrailers(trailers.headers());
                case StreamEvent.Reset reset -> downstreamReset(reset);
                case RequestHead again -> throw new IllegalStateException("second request head " + again.method());
                case ResponseHead wrong -> throw new IllegalStateException("response head from a client");
            }
            if (ended) {
                return;
            }
        }
    }

    private void begin() {
        begun = true;
        RequestPreparation.fill(this, request);
        grpc = !request.path().isEmpty()
                && ContentTypes.isGrpc(request.headers().get(HeaderName.CONTENT_TYPE));
        LocalReply reply = refusal != null ? refusal : manager.admit(this, request);
        if (request.endStream() && refusal == null) {
            requestCompleted();
        }
        if (reply != null) {
            routed = true; // no route speaks for a request that was refused before it had one
        } else if (request.asksForTunnel()) {
            reply = manager.upgrades().admit(this, request);
        }
        filters = manager.makeFilters(this);
        terminal = (TerminalFilter) filters[filters.length - 1];
        requestIteration = new RequestIteration(this, filters);
        limits.arm();
        if (reply != null) {
            sendLocalReply(reply);
            return;
        }
        requestIteration.onHead(request, request.endStream());
    }

    /** A timer whose fault is that of the exchange. */
    private final class Limit extends TimerWheel.Timer {

        private final Runnable reached;

        Limit(Runnable reached) {
            this.reached = reached;
        }

        @Override
        protected void expired() {
            guarded("timer", reached);
        }
    }

    /** Runs what is not a turn of the flow as if it were one: its fault costs this exchange and no other. */
    void guarded(String what, Runnable work) {
        if (ended) {
            return;
        }
        try {
            work.run();
        } catch (Throwable fault) {
            loop().turnFailed(what, this, fault);
        }
    }

    private void requestData(StreamEvent.Data data) {
        int bytes = data.bytes().readableBytes();
        info.bytesReceived += bytes;
        owedDownstream += bytes;
        if (data.endStream()) {
            requestCompleted();
        }
        if (requestIteration == null) { // its filters could not be made
            data.bytes().release();
        } else {
            requestIteration.onData(data.bytes(), data.endStream());
        }
        payDownstream();
    }

    private void requestTrailers(Headers trailers) {
        requestCompleted();
        if (requestIteration != null) {
            requestIteration.onTrailers(trailers);
        }
    }

    private void requestCompleted() {
        requestComplete = true;
        limits.requestCompleted();
        info.requestCompleteNanos = limits.activeNanos();
    }

    private void payDownstream() {
        if (owedDownstream > 0
                && !ended
                && (answered || (!requestHeldBack() && terminal != null && terminal.accepting()))) {
            int bytes = owedDownstream;
            owedDownstream = 0;
            downstream.consumed(bytes);
        }
    }

    private boolean requestHeldBack() {
        return requestIteration != null && requestIteration.holdingBack();
    }

    private boolean responseHeldBack() {
        return responseIteration != null && responseIteration.holdingBack();
    }

    private void downstreamReset(StreamEvent.Reset reset) {
        boolean mayAnswer = request.protocol() != Protocol.HTTP_2 && !responseHeadSent && !answered;
        if (reset.reason() == StreamReset.PROTOCOL_ERROR && mayAnswer) {
            sendLocalReply(LocalReply.of(400, "Bad Request", ResponseFlag.DPE, reset.detail()));
            return;
        }
        if (upgraded) {
            terminalTurn(); // what came before the end of a tunnel still passes through it
            if (ended) {
                return;
            }
        }
        manager.stats().rqRxReset.inc(loop().stats());
        noteReset(reset);
        end();
    }

    private void noteReset(StreamEvent.Reset reset) {
        switch (reset.reason()) {
            case CONNECTION_TERMINATION -> {
                flag(ResponseFlag.DC);
                String local = reset.detail();
                details(
                        local.isEmpty()
                                ? "downstream_remote_disconnect"
                                : "downstream_local_disconnect(" + local + ")");
            }
            case REMOTE_RESET, REMOTE_REFUSED_STREAM -> {
                if (!reset.detail().isEmpty()) { // else it has changed its mind without blame
                    flag(ResponseFlag.DR);
                    details(reset.detail());
                }
            }
            default -> {
                flag(ResponseFlag.DPE);
                details(reset.detail());
            }
        }
    }

    // ---- the router's stage ---------------------------------------------------------------------------------------

    void terminalTurn() {
        if (terminalWork && !ended && !answered && terminal != null) {
            terminalWork = false;
            terminal.turn();
        }
    }

    @Override
    public void wake() {
        terminalWork = true;
        lane.ready(this);
    }

    @Override
    public void acceptingAgain() {
        payDownstream();
    }

    @Override
    public void respond(ResponseHead head, boolean endStream) {
        if (ended || answered) {
            return;
        }
        limits.active();
        if (head.informational()) {
            if (manager.config().proxy100Continue()) {
                manager.prepareInformational(head);
                downstream.writeHead(head, false);
            }
            return;
        }
        responseHead(head, endStream);
    }

    private void responseHead(ResponseHead head, boolean endStream) {
        responseHeadGiven = true;
        response = head;
        if (responseIteration == null) {
            responseIteration = responseFilters();
        }
        responseIteration.onHead(head, endStream);
    }

    @Override
    public void respond(ByteBuf bytes, boolean endStream) {
        if (ended || answered || responseIteration == null) {
            bytes.release();
            return;
        }
        limits.active();
        owedUpstream += bytes.readableBytes();
        responseIteration.onData(bytes, endStream);
        if (!ended && downstream.writable()) {
            downstreamWritable();
        }
    }

    @Override
    public void respondTrailers(Headers trailers) {
        if (!ended && !answered && responseIteration != null) {
            info.responseTrailers = trailers;
            responseIteration.onTrailers(trailers);
        }
    }

    @Override
    public void breakOff(@Nullable ResponseFlag flag, String details) {
        if (ended) {
            return;
        }
        if (flag != null) {
            flag(flag);
        }
        details(details);
        resetDownstream();
    }

    /** Breaks off a response that has begun; counted both ways, as Envoy counts. */
    private void resetDownstream() {
        manager.stats().rqTxReset.inc(loop().stats());
        manager.stats().rqRxReset.inc(loop().stats());
        downstream.reset(StreamReset.LOCAL_RESET);
        end();
    }

    @Override
    public boolean responding() {
        return responseHeadGiven;
    }

    // ---- out to the client ----------------------------------------------------------------------------------------

    void writeHead(ResponseHead head, boolean endStream) {
        info.responseCode = head.status();
        manager.prepareResponse(this, head);
        info.responseNanos = lane.loop().nanoTime();
        responseHeadSent = true;
        if (!requestComplete) {
            manager.stats().rqResponseBeforeRqComplete.inc(loop().stats());
        }
        downstream.writeHead(head, endStream);
        if (endStream) {
            responseEnded();
        }
    }

    void writeData(ByteBuf bytes, boolean endStream) {
        info.bytesSent += bytes.readableBytes();
        downstream.writeData(bytes, endStream);
        if (endStream) {
            responseEnded();
        }
    }

    void writeTrailers(Headers trailers) {
        info.responseTrailers = trailers;
        if (trailers.isEmpty()) { // a filter has made something else of them
            downstream.writeData(Unpooled.EMPTY_BUFFER, true);
        } else {
            downstream.writeTrailers(trailers);
        }
        responseEnded();
    }

    private void responseEnded() {
        if (!requestComplete) {
            manager.stats().rqRxReset.inc(loop().stats());
        }
        info.responseComplete = true;
        end();
        downstream.responseEnded();
    }

    // ---- replies of our own ---------------------------------------------------------------------------------------

    @Override
    public void sendLocalReply(LocalReply reply) {
        if (ended || answered) {
            return;
        }
        if (reply.flag() != null) {
            flag(reply.flag());
        }
        details(reply.details());
        if (responseHeadSent) {
            resetDownstream();
            return;
        }
        answered = true;
        if (terminal != null) {
            terminal.abandon();
        }
        manager.writeLocalReply(this, reply);
    }

    /** The reply, ready to be sent: passes the response filters, then goes out. */
    void answer(ResponseHead head, @Nullable ByteBuf body) {
        if (!requestComplete && request.protocol().compareTo(Protocol.HTTP_2) < 0) {
            connectionClosesAfterResponse(); // rather than wait for the rest of a request that is answered
        }
        if (responseIteration != null) {
            responseIteration.release();
        }
        ResponseIteration reply = responseFilters();
        responseIteration = reply;
        try {
            responseHead(head, body == null);
        } catch (Throwable fault) {
            if (body != null) {
                body.release();
            }
            throw fault;
        }
        if (body != null) {
            reply.onData(body, true);
        }
        payDownstream();
    }

    private ResponseIteration responseFilters() {
        return new ResponseIteration(this, filtersFailed ? ConnectionManager.NO_FILTERS : filters);
    }

    /** Whether the response that these filters see is still the one that is sent. */
    boolean sends(ResponseIteration iteration) {
        return !ended && responseIteration == iteration;
    }

    void requestTooLarge() {
        sendLocalReply(LocalReply.of(413, "Payload Too Large", null, "request_payload_too_large"));
    }

    void responseTooLarge() {
        sendLocalReply(LocalReply.of(500, "Internal Server Error", null, "response_payload_too_large"));
    }

    @Override
    protected void fail(Throwable cause) {
        if (ended) {
            return;
        }
        manager.stats().exchangeFailures.inc(loop().stats());
        LocalReply reply = LocalReply.of(500, "Internal Server Error", null, "exception_in_filter");
        if (begun && !responseHeadSent && !answered && attempted(() -> sendLocalReply(reply), cause)) {
            return;
        }
        if (begun && !ended && !responseHeadSent) {
            filtersFailed = true; // the reply itself does not get through them
            answered = true;
            details(reply.details());
            if (terminal != null) {
                terminal.abandon();
            }
            if (attempted(() -> manager.writeLocalReply(this, reply), cause)) {
                return;
            }
        }
        if (!ended) {
            details(reply.details());
            resetDownstream();
        }
    }

    private static boolean attempted(Runnable work, Throwable before) {
        try {
            work.run();
            return true;
        } catch (RuntimeException again) {
            before.addSuppressed(again);
            return false;
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Ends an exchange whose request is not worth an answer. */
    void lose(ResponseFlag flag, String details) {
        RequestPreparation.fill(this, request);
        manager.stats().rqRxReset.inc(loop().stats());
        abort(flag, details);
    }

    /** Ends the exchange whatever it is doing: the connection or the lane is going away. */
    void abort(ResponseFlag flag, String details) {
        if (!ended) {
            flag(flag);
            details(details);
            end();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        limits.cancelAll();
        inbox.clear();
        if (requestIteration != null) {
            requestIteration.release();
        }
        if (responseIteration != null) {
            responseIteration.release();
        }
        for (HttpFilter filter : filters) {
            try {
                filter.onEnd();
            } catch (RuntimeException fault) {
                manager.onEndFailed(this, fault);
            }
        }
        info.endNanos = lane.loop().nanoTime();
        lane.ended(this);
    }

    // ---- what filters see -----------------------------------------------------------------------------------------

    @Override
    public Loop loop() {
        return lane.loop();
    }

    @Override
    public DownstreamConnection connection() {
        return downstream.connection();
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public @Nullable ResponseHead response() {
        return response;
    }

    @Override
    public @Nullable RouteResult route() {
        if (!routed) {
            routed = true;
            route = manager.route(request, random);
            info.routeName = route == null ? "" : route.entry().name();
            info.virtualHostName = route == null ? "" : route.entry().virtualHostName();
            info.clusterName = route instanceof Forward forward && forward.known() ? forward.clusterName() : "";
        }
        return route;
    }

    @Override
    public void clearRoute() {
        routed = false;
        route = null;
    }

    @Override
    public boolean askForRoutes(Runnable answered) {
        HostRequests requests = manager.routeTable(request).requests();
        if (requests == null) {
            return false;
        }
        requests.ask(request.authority().toLowerCase(Locale.ROOT), () -> execute(answered));
        return true;
    }

    @Override
    public boolean open() {
        return !ended;
    }

    /** Whether request parts still pass the filters. */
    boolean takesRequest() {
        return !ended && !answered;
    }

    @Override
    public void resumeRequest(HttpFilter filter) {
        guarded("resume", () -> {
            if (requestIteration != null) {
                requestIteration.resume(filter);
                payDownstream();
            }
        });
    }

    @Override
    public void resumeResponse(HttpFilter filter) {
        guarded("resume", () -> {
            if (responseIteration != null) {
                responseIteration.resume(filter);
                if (!ended && downstream.writable()) {
                    downstreamWritable();
                }
            }
        });
    }

    @Override
    public void addRequestData(HttpFilter filter, ByteBuf bytes) {
        if (requestIteration == null) {
            bytes.release();
        } else {
            requestIteration.add(filter, bytes);
        }
    }

    @Override
    public void addResponseData(HttpFilter filter, ByteBuf bytes) {
        if (responseIteration == null) {
            bytes.release();
        } else {
            responseIteration.add(filter, bytes);
        }
    }

    @Override
    public void endResponse(HttpFilter filter, ByteBuf bytes, Headers trailers) {
        if (responseIteration == null) {
            bytes.release();
        } else {
            responseIteration.end(filter, bytes, trailers);
        }
    }

    @Override
    public void execute(Runnable task) {
        loop().run(() -> guarded("task", task));
    }

    @Override
    public TimerWheel.Timer timer(Runnable expired) {
        return new Limit(expired);
    }

    @Override
    public void flag(ResponseFlag flag) {
        info.flag(flag);
    }

    @Override
    public void details(String responseCodeDetails) {
        info.responseCodeDetails = responseCodeDetails;
    }

    @Override
    public StreamInfo info() {
        return info;
    }

    @Override
    public boolean requestComplete() {
        return requestComplete;
    }

    /** Whether the client speaks gRPC. */
    boolean grpc() {
        return grpc;
    }

    /** Whether the proxy answers itself. */
    boolean answered() {
        return answered;
    }

    /** The stream may become a tunnel. */
    void upgrade() {
        upgraded = true;
    }

    boolean upgraded() {
        return upgraded;
    }

    /** The client's connection is not used again. */
    void connectionClosesAfterResponse() {
        downstream.connection().closeAfterResponse();
    }

    ConnectionManagerLane lane() {
        return lane;
    }

    @Override
    public int bufferLimit() {
        return lane.bufferLimit();
    }

    @Override
    public String toString() {
        return "exchange " + request.method() + " on connection " + connection().id();
    }
}

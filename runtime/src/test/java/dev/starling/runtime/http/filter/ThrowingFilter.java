package dev.starling.runtime.http.filter;

import com.google.protobuf.Empty;
import dev.starling.config.proto.ValidationContext;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import java.util.concurrent.TimeUnit;

/** A filter with a bug wherever the request's header {@code x-throw-at} says. */
final class ThrowingFilter implements HttpFilter {

    /** The extension, configured by nothing. */
    static final class Factory implements HttpFilterFactory<Empty, Factory.Nothing> {

        record Nothing() {}

        @Override
        public String name() {
            return "test.throwing";
        }

        @Override
        public Class<Empty> configType() {
            return Empty.class;
        }

        @Override
        public Class<Nothing> recordType() {
            return Nothing.class;
        }

        @Override
        public Nothing validate(Empty config, ValidationContext context) {
            return new Nothing();
        }

        @Override
        public HttpFilter.Maker create(Nothing config, FilterContext context) {
            return ThrowingFilter::new;
        }
    }

    private final ExchangeContext context;
    private final String where;
    private final TimerWheel.Timer timer;

    private ThrowingFilter(ExchangeContext context) {
        this.context = context;
        String header = context.request().headers().get("x-throw-at");
        this.where = header == null ? "" : header;
        this.timer = context.timer(() -> at("timer"));
        at("maker");
    }

    private void at(String here) {
        if (where.equals(here)) {
            throw new IllegalStateException("a bug in " + here);
        }
    }

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        at("request head");
        if (where.equals("timer")) {
            context.loop().timers().arm(timer, TimeUnit.MILLISECONDS.toNanos(1));
            return Flow.STOP_ALL;
        }
        if (where.equals("task")) {
            Thread.ofVirtual().start(() -> context.execute(() -> at("task")));
            return Flow.STOP_ALL;
        }
        if (where.equals("resumed head")) {
            Thread.ofVirtual().start(() -> context.execute(() -> context.resumeRequest(this)));
            return Flow.STOP_ALL;
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        at("request data");
        at("resumed head");
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestTrailers(Headers trailers) {
        at("request trailers");
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseHead(ResponseHead head, boolean endStream) {
        at("response head");
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseData(Chunk chunk, boolean endStream) {
        at("response data");
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseTrailers(Headers trailers) {
        at("response trailers");
        return Flow.CONTINUE;
    }

    @Override
    public void onEnd() {
        timer.cancel();
        at("end");
    }
}

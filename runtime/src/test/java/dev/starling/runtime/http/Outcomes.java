package dev.starling.runtime.http;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A filter that does nothing but note how each exchange ended, as an access log would. */
final class Outcomes implements HttpFilter.Maker {

    private final BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();

    /** @param flags short names, joined by commas */
    record Outcome(int status, String flags, String details) {}

    @Override
    public HttpFilter make(ExchangeContext context) {
        return new HttpFilter() {
            @Override
            public void onEnd() {
                ended.add(outcome(context.info()));
            }
        };
    }

    private static Outcome outcome(StreamInfo info) {
        String flags = Arrays.stream(ResponseFlag.values())
                .filter(info::has)
                .map(ResponseFlag::name)
                .collect(Collectors.joining(","));
        return new Outcome(info.responseCode, flags, info.responseCodeDetails);
    }

    /** The next exchange to end. */
    Outcome next() throws InterruptedException {
        Outcome outcome = ended.poll(20, TimeUnit.SECONDS);
        if (outcome == null) {
            throw new AssertionError("no exchange has ended");
        }
        return outcome;
    }

    boolean isEmpty() {
        return ended.isEmpty();
    }
}

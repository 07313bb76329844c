package dev.starling.runtime.listener.filter;

import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.network.InspectedConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a listener's access log says of connections that no filter chain has served. */
public final class UnservedLog {

    private final List<AccessLogger> loggers;

    public UnservedLog(List<AccessLogger> loggers) {
        this.loggers = List.copyOf(loggers);
    }

    /** It ended while it was looked at. On its loop. */
    void inspected(ConnectionTraits traits, long acceptedNanos, Loop loop) {
        if (!loggers.isEmpty()) {
            log(info(traits, acceptedNanos, loop), loop);
        }
    }

    /** No filter chain is for it. On its loop. */
    public void noFilterChain(ConnectionTraits traits, Loop loop) {
        if (!loggers.isEmpty()) {
            StreamInfo info = info(traits, loop.nanoTime(), loop);
            info.flag(ResponseFlag.NR);
            info.responseCodeDetails = "filter_chain_not_found";
            log(info, loop);
        }
    }

    private static StreamInfo info(ConnectionTraits traits, long acceptedNanos, Loop loop) {
        StreamInfo info = new StreamInfo();
        info.startNanos = acceptedNanos;
        info.endNanos = loop.nanoTime();
        info.startWallMillis = loop.clock().wallMillis() - TimeUnit.NANOSECONDS.toMillis(info.endNanos - acceptedNanos);
        info.downstream = new Unserved(traits);
        return info;
    }

    private void log(StreamInfo info, Loop loop) {
        StringBuilder scratch = new StringBuilder();
        for (AccessLogger logger : loggers) {
            logger.log(info, HeaderView.NONE, HeaderView.NONE, loop, scratch);
        }
    }

    private record Unserved(ConnectionTraits traits) implements InspectedConnection {}

    /** Gives back what it logs to; what ends later is not logged. */
    public void close() {
        loggers.forEach(AccessLogger::close);
    }
}

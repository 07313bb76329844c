package dev.starling.runtime.listener.filter.protocoldetection;

import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** The destinations whose servers spoke first when they were last seen to. Bounded; any thread. */
final class TalkativeServers {

    private final long keptNanos;
    private final Map<SocketAddress, Long> untilNanos;

    TalkativeServers(long keptNanos, int most) {
        this.keptNanos = keptNanos;
        this.untilNanos = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<SocketAddress, Long> eldest) {
                return size() > most;
            }
        };
    }

    synchronized boolean contains(SocketAddress destination, long nowNanos) {
        Long until = untilNanos.get(destination);
        if (until != null && until - nowNanos <= 0) {
            untilNanos.remove(destination);
            return false;
        }
        return until != null;
    }

    synchronized void add(SocketAddress destination, long nowNanos) {
        untilNanos.put(destination, nowNanos + keptNanos);
    }

    synchronized void remove(SocketAddress destination) {
        untilNanos.remove(destination);
    }
}

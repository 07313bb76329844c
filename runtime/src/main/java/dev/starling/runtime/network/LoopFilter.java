package dev.starling.runtime.network;

import io.netty.channel.Channel;

/**
 * A terminal network filter of one filter chain on one loop: takes connections over and serves them in its running flow.
 * Confined to the loop.
 */
public interface LoopFilter {

    /** Whether a connection can be served: not while a filter waits for its configuration. Asked before it is secured. */
    default boolean configured() {
        return true;
    }

    /** Serves the connection from now on; the channel does not read until it is told to. */
    void accept(Channel channel, ConnectionOwner owner);

    /** Begins to close connections gently: those without work at once, the others when their work is done. */
    void drain();

    /** Whether {@link #drain} was called. */
    boolean draining();

    /** Closes what is open, whatever it is doing. */
    void closeAll();

    /**
     * No new connection will come; when the last one has left, the flow completes.
     *
     * @param left run then, once
     */
    void retire(Runnable left);

    /** Connections that are open. */
    int connections();
}

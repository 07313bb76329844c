package dev.starling.runtime.http;

import dev.starling.runtime.message.DownstreamConnection;

/** A client's connection as its connection manager holds it, whatever it speaks. Confined to the loop. */
interface ServerConnection extends DownstreamConnection {

    /** Whether it has told what it speaks, and has been counted so. */
    boolean spoken();

    /** Closes as soon as no request is being answered. */
    void drain();

    /** Closes whatever is being done. */
    void closeNow();
}

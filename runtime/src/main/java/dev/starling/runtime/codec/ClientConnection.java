package dev.starling.runtime.codec;

import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;

/** A connection to an endpoint, of any HTTP version, as whoever keeps it sees it. Confined to the loop. */
public interface ClientConnection {

    /** Begins a request on a connection that has {@link #room}. */
    UpstreamStream start(UpstreamStream.Receiver receiver);

    /** Streams that may be started now. */
    int room();

    /** Streams there may be room for beyond {@link #room} once the peer has said what it allows. */
    int promised();

    /** Streams that are open. */
    int openStreams();

    boolean active();

    /** Closes the connection; requests on it are told, unless they were reset before. */
    void close();

    /** Who keeps the connection. Called in the loop, from the codec. */
    interface Owner {

        /** A stream is over, whatever its end. What is to be done with the room it leaves waits for {@link #onRoom}. */
        void onStreamEnded();

        /** There may be more room than before, or less. */
        void onRoom();

        /** A stream of many was reset, from either side; comes before its end. */
        void onStreamReset(StreamReset reason);

        /**
         * The connection is gone; {@code remote} if the other side ended it. Called once; what is still open then is over.
         */
        void onClosed(ClientConnection connection, boolean remote, boolean withActiveRequest);

        /** The upstream broke the protocol. */
        void onProtocolError();

        /** The upstream said that no more streams may be started. */
        void onCloseNotify();

        /** Bytes that were read and bytes that were written since the last call. */
        void onBytes(long read, long written);

        /** Reading paused or resumed for want of credit. */
        void onReadPaused(boolean paused);
    }
}

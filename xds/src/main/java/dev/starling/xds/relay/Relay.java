package dev.starling.xds.relay;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Serves xDS on streams that somebody else carries. Any thread. */
public interface Relay {

    /**
     * A client has opened a stream.
     *
     * @param method such as {@code envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources}
     * @param groups of the listener on which it came
     * @return where to put what the client says; empty if there is no such method
     */
    Optional<Inlet> open(String method, RelayGroups groups, Outlet outlet);

    /** What a client says, in order. */
    interface Inlet {

        /** {@link Outlet#taken} follows. */
        void message(ByteBuffer message);

        /** The outlet can take one more message. Said once at the beginning, and then once for each. */
        void ready();

        /** The client says no more. */
        void ended();

        /** The stream is over. */
        void closed();
    }

    /** What a client is told. Any thread; never blocks. */
    interface Outlet {

        /** Only after {@link Inlet#ready}, once for each. */
        void send(ByteBuffer message);

        /** One of the client's messages has been dealt with. */
        void taken();

        /** The stream ends, with a status of gRPC. */
        void end(int status, String message);
    }
}

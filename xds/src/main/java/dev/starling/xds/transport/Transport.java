package dev.starling.xds.transport;

import dev.starling.config.discovery.GrpcService;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Opens streams of gRPC messages, which are bytes to it. Any thread. */
public interface Transport {

    /**
     * Never fails: that the stream cannot be had is told as its end.
     *
     * @param method such as {@code envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources}
     */
    Call open(GrpcService service, String method, Receiver receiver);

    /** One stream. After its end everything is ignored. */
    interface Call {

        void send(ByteBuffer message);

        /** About how much has been sent that has not left yet. To be asked by who sends. */
        int waitingBytes();

        /** Nothing more will be sent; what was still leaves. */
        void finish();

        /** One more message can be taken; at first none. */
        void more();

        /** Nothing is told any more. */
        void cancel();
    }

    /** Told by threads of the transport, one thing at a time. */
    interface Receiver {

        void message(ByteBuffer message);

        /** The end; said once. */
        void closed(Closed why);

        /** As two functions, such as an actor's tell. */
        static Receiver of(Consumer<ByteBuffer> message, Consumer<Closed> closed) {
            return new Receiver() {
                @Override
                public void message(ByteBuffer bytes) {
                    message.accept(bytes);
                }

                @Override
                public void closed(Closed why) {
                    closed.accept(why);
                }
            };
        }
    }

    /**
     * Why a stream has ended.
     *
     * @param status of gRPC
     */
    record Closed(int status, String message) {

        private static final int UNAVAILABLE = 14;

        public static Closed unavailable(String message) {
            return new Closed(UNAVAILABLE, message);
        }

        @Override
        public String toString() {
            return status + ", " + message;
        }
    }
}

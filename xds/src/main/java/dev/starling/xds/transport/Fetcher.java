package dev.starling.xds.transport;

import dev.starling.config.discovery.RestApi;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Asks control planes one question at a time over HTTP. Any thread. */
@FunctionalInterface
public interface Fetcher {

    /**
     * Never fails: that there is no answer is told.
     *
     * @param path such as {@code /v3/discovery:clusters}
     * @param answered told once, by a thread of the fetcher, unless it is cancelled
     * @return cancels
     */
    Runnable post(RestApi api, String path, ByteBuffer json, Consumer<Fetched> answered);

    /** What became of it. */
    sealed interface Fetched {

        /** @param status any */
        record Answer(int status, ByteBuffer body) implements Fetched {}

        record Failed(String why) implements Fetched {}
    }
}

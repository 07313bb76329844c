package dev.starling.runtime.accesslog;

import dev.starling.runtime.loop.Loop;

/** What one access log does with the entries it takes. Used on all loops at once. */
public interface EntrySink {

    /**
     * What has ended, on its loop, without waiting.
     *
     * @param scratch what it holds is lost
     */
    void log(StreamInfo info, HeaderView request, HeaderView response, Loop loop, StringBuilder scratch);

    /** Nothing more will come. Any thread. */
    void close();
}

package dev.starling.runtime.accesslog;

import dev.starling.runtime.loop.Loop;
import java.util.List;

/**
 * Hands entries to a log service.
 *
 * @param logs by loop
 * @param release gives the service back
 */
record ServiceSink(EntryFiller filler, List<LoopLog> logs, Runnable release) implements EntrySink {

    @Override
    public void log(StreamInfo info, HeaderView request, HeaderView response, Loop loop, StringBuilder scratch) {
        logs.get(loop.index()).log(entry -> filler.fill(entry, info, request, response, loop));
    }

    @Override
    public void close() {
        release.run();
    }
}

package dev.starling.runtime.accesslog;

import dev.starling.runtime.loop.Loop;

/** Writes lines. */
public record LineSink(Formatter formatter, LogTarget target) implements EntrySink {

    @Override
    public void log(StreamInfo info, HeaderView request, HeaderView response, Loop loop, StringBuilder scratch) {
        scratch.setLength(0);
        formatter.format(info, request, response, scratch);
        target.offer(scratch);
    }

    @Override
    public void close() {
        target.close();
    }
}

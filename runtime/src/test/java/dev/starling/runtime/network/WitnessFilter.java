package dev.starling.runtime.network;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Keeps the buffers out of the log that {@link LeakWatch} loses on purpose, so that those lost by mistake are seen. */
public final class WitnessFilter extends Filter<ILoggingEvent> {

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getFormattedMessage().contains("Hint: " + LeakWatch.WITNESS)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}

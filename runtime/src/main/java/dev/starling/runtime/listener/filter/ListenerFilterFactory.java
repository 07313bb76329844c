package dev.starling.runtime.listener.filter;

import com.google.protobuf.Message;
import dev.starling.config.proto.ExtensionFactory;

/**
 * Makes a listener filter. What {@code validate} has accepted, {@link #create} can build.
 *
 * @param <P> the message it is configured with
 * @param <C> the record that {@code validate} makes of it
 */
public interface ListenerFilterFactory<P extends Message, C extends Record> extends ExtensionFactory<P> {

    /** The record's type. */
    Class<C> recordType();

    /** Control path: once per listener and version. */
    ListenerFilter.Maker create(C config, ListenerFilterContext context);
}

package dev.starling.runtime.http.filter;

import com.google.protobuf.Message;
import dev.starling.config.proto.ExtensionFactory;

/**
 * Makes an HTTP filter. What {@code validate} has accepted, {@link #create} can build.
 *
 * @param <P> the message it is configured with
 * @param <C> the record that {@code validate} makes of it
 */
public interface HttpFilterFactory<P extends Message, C extends Record> extends ExtensionFactory<P> {

    /** The record's type. */
    Class<C> recordType();

    /** Control path: once per filter chain and version; the result makes one instance an exchange. */
    HttpFilter.Maker create(C config, FilterContext context);
}

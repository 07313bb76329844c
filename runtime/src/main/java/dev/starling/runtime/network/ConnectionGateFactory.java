package dev.starling.runtime.network;

import com.google.protobuf.Message;
import dev.starling.config.proto.ExtensionFactory;

/**
 * Makes a gate. What {@code validate} has accepted, {@link #create} can build.
 *
 * @param <P> the message it is configured with
 * @param <C> the record that {@code validate} makes of it
 */
public interface ConnectionGateFactory<P extends Message, C extends Record> extends ExtensionFactory<P> {

    /** The record's type. */
    Class<C> recordType();

    /** Control path: once per filter chain and version. */
    ConnectionGate create(C config, FilterChainContext context);
}

package dev.starling.config.proto;

import com.google.protobuf.Message;

/**
 * A message that was read and checked, for translation into records.
 *
 * @param message what could be read; complete only if there are no errors
 * @param problems what was found so far; translation adds to it, then asks {@link Problems#throwIfAny}
 */
public record CheckedMessage<M extends Message>(M message, Problems problems) {}

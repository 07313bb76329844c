package dev.starling.config.proto.endpoint;

import com.google.protobuf.ByteString;
import dev.starling.config.endpoint.LoadAssignment;

/**
 * An assignment that was read before, and of which there was nothing to remark: neither a warning nor a field that was skipped.
 *
 * @param message as it came off the wire
 */
public record KnownAssignment(ByteString message, LoadAssignment assignment) {}

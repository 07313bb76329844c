/** From the neutral tree to protobuf messages, by proto JSON's rules and Envoy's leniencies. */
@NullMarked
package dev.starling.config.proto.read;

import org.jspecify.annotations.NullMarked;

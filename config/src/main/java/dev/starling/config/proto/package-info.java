/** The only place that knows protobuf: reading, checking and translating Envoy's messages into records. */
@NullMarked
package dev.starling.config.proto;

import org.jspecify.annotations.NullMarked;

/** The validated configuration: immutable records in Envoy's words, free of protobuf, Pekko and Netty. */
@NullMarked
package dev.starling.config;

import org.jspecify.annotations.NullMarked;

/** Enforces the {@code validate.rules} annotations of Envoy's messages, from their descriptors. */
@NullMarked
package dev.starling.config.proto.rules;

import org.jspecify.annotations.NullMarked;

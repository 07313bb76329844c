/** Which fields of Envoy's messages are honoured, which are accepted without effect; all others are refused. */
@NullMarked
package dev.starling.config.proto.support;

import org.jspecify.annotations.NullMarked;

/** From protobuf messages to Envoy's YAML and JSON, with secrets redacted where asked. */
@NullMarked
package dev.starling.config.proto.print;

import org.jspecify.annotations.NullMarked;

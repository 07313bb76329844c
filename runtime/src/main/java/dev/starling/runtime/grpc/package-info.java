/** What gRPC says in HTTP: status codes, deadlines, messages and frames. Knows no exchange. */
@NullMarked
package dev.starling.runtime.grpc;

import org.jspecify.annotations.NullMarked;

/** HTTP filters about gRPC: statistics, and bridges for clients that cannot read trailers. */
@NullMarked
package dev.starling.runtime.http.filter.grpc;

import org.jspecify.annotations.NullMarked;

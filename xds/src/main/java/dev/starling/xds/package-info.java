/** The client of xDS: subscriptions, versions, ACK and NACK, over gRPC streams and files. */
@NullMarked
package dev.starling.xds;

import org.jspecify.annotations.NullMarked;

/** The network filter that passes bytes between a client and an endpoint. */
@NullMarked
package dev.starling.runtime.network.tcpproxy;

import org.jspecify.annotations.NullMarked;

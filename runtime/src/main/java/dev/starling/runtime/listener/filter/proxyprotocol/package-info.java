/** The listener filter that believes what a proxy in front says of the client. */
@NullMarked
package dev.starling.runtime.listener.filter.proxyprotocol;

import org.jspecify.annotations.NullMarked;

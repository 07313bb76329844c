/** The PROXY protocol: what one proxy tells the next of a client, ahead of all other bytes. */
@NullMarked
package dev.starling.runtime.proxyprotocol;

import org.jspecify.annotations.NullMarked;

/** The network filter that makes HTTP of bytes: builds a connection manager from its configuration. */
@NullMarked
package dev.starling.runtime.network.httpconnectionmanager;

import org.jspecify.annotations.NullMarked;

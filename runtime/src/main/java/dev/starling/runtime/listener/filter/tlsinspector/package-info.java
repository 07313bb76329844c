/** The listener filter that reads a ClientHello without answering it. */
@NullMarked
package dev.starling.runtime.listener.filter.tlsinspector;

import org.jspecify.annotations.NullMarked;

/** Starling's own listener filter that tells HTTP, TLS and other bytes apart on one port. */
@NullMarked
package dev.starling.runtime.listener.filter.protocoldetection;

import org.jspecify.annotations.NullMarked;

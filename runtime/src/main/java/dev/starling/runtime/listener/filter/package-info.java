/** Looking at the first bytes of a connection before its filter chain is chosen. */
@NullMarked
package dev.starling.runtime.listener.filter;

import org.jspecify.annotations.NullMarked;

/** The network filter that writes some bytes and closes. */
@NullMarked
package dev.starling.runtime.network.directresponse;

import org.jspecify.annotations.NullMarked;

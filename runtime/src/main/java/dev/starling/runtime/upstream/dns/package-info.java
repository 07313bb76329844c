/** Names to addresses, for clusters that are configured by host name. */
@NullMarked
package dev.starling.runtime.upstream.dns;

import org.jspecify.annotations.NullMarked;

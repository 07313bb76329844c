/** The listener filter that asks the kernel where a redirected connection was meant to go. */
@NullMarked
package dev.starling.runtime.listener.filter.originaldst;

import org.jspecify.annotations.NullMarked;

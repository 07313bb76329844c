/** The actors that own listeners: warming, swapping and draining their versions. */
@NullMarked
package dev.starling.runtime.control.listener;

import org.jspecify.annotations.NullMarked;

/** The network filter that returns what it reads. */
@NullMarked
package dev.starling.runtime.network.echo;

import org.jspecify.annotations.NullMarked;

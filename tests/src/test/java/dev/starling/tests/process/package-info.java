/** The real process, seen from outside: how it starts, stops, and what it holds. */
@NullMarked
package dev.starling.tests.process;

import org.jspecify.annotations.NullMarked;

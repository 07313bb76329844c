/** End-to-end tests and the fakes that other modules reuse. */
@NullMarked
package dev.starling.tests;

import org.jspecify.annotations.NullMarked;

/** Main, command line, demo: assembles the modules into one process. */
@NullMarked
package dev.starling.launcher;

import org.jspecify.annotations.NullMarked;

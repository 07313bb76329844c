/** The application log as Envoy's operators know it: its levels, component names, line format and file. */
@NullMarked
package dev.starling.launcher.log;

import org.jspecify.annotations.NullMarked;

/** The stats in the form of another metrics library, for whoever has it: only loaded when asked for. */
@NullMarked
package dev.starling.admin.kamon;

import org.jspecify.annotations.NullMarked;

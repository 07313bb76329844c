/** Resources from files. */
@NullMarked
package dev.starling.xds.file;

import org.jspecify.annotations.NullMarked;

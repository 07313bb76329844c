/** Resources that are asked for again and again. */
@NullMarked
package dev.starling.xds.rest;

import org.jspecify.annotations.NullMarked;

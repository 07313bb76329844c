/** What can be had from a control plane: types of resources, their names, and what is held of them. */
@NullMarked
package dev.starling.xds.resource;

import org.jspecify.annotations.NullMarked;

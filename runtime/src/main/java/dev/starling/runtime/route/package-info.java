/** Route configurations compiled for matching, and what a matched route does to heads: asked once a request. */
@NullMarked
package dev.starling.runtime.route;

import org.jspecify.annotations.NullMarked;

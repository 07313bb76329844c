/** What an HTTP filter is, and the chain that runs the filters of an exchange. */
@NullMarked
package dev.starling.runtime.http.filter;

import org.jspecify.annotations.NullMarked;

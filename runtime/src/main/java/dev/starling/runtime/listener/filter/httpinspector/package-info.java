/** The listener filter that reads the first line of a request, or the preface of HTTP/2. */
@NullMarked
package dev.starling.runtime.listener.filter.httpinspector;

import org.jspecify.annotations.NullMarked;

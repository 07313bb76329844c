/** The connection manager: exchanges, what is done to requests and responses, and the filters they pass. */
@NullMarked
package dev.starling.runtime.http;

import org.jspecify.annotations.NullMarked;

/** What clients of TLS say first. */
@NullMarked
package dev.starling.runtime.tls.hello;

import org.jspecify.annotations.NullMarked;

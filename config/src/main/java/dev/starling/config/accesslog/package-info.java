/** Where and how requests and connections are logged. */
@NullMarked
package dev.starling.config.accesslog;

import org.jspecify.annotations.NullMarked;

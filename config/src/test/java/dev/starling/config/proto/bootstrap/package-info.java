@NullMarked
package dev.starling.config.proto.bootstrap;

import org.jspecify.annotations.NullMarked;

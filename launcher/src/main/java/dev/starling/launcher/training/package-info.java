/** What the AOT cache is trained with: visitors of two proxies, one behind the other. */
@NullMarked
package dev.starling.launcher.training;

import org.jspecify.annotations.NullMarked;

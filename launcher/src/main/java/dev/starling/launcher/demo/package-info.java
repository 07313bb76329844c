/** Something to balance over: what {@code starling demo} shows, and what is behind the proxies that the AOT cache is trained with. */
@NullMarked
package dev.starling.launcher.demo;

import org.jspecify.annotations.NullMarked;

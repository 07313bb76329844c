/** Spellings that several outputs share. */
@NullMarked
package dev.starling.runtime.text;

import org.jspecify.annotations.NullMarked;

/** Databases of other memories, of which a copy is read. */
@NullMarked
package dev.cairn.store.foreign;

import org.jspecify.annotations.NullMarked;

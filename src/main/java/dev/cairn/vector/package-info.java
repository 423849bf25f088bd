/** The vector index and its doors. */
@NullMarked
package dev.cairn.vector;

import org.jspecify.annotations.NullMarked;

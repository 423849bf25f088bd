/** What a new session is told. */
@NullMarked
package dev.cairn.context;

import org.jspecify.annotations.NullMarked;

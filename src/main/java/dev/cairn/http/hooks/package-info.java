/** The hook events of coding agents, read from HTTP. */
@NullMarked
package dev.cairn.http.hooks;

import org.jspecify.annotations.NullMarked;

/** The Model Context Protocol over streamable HTTP; knows nothing of memory. */
@NullMarked
package dev.cairn.mcp;

import org.jspecify.annotations.NullMarked;

/** From a query to ranked hits; the timeline; the MCP tools. */
@NullMarked
package dev.cairn.search;

import org.jspecify.annotations.NullMarked;

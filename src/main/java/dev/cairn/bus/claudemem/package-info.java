/** The tables of a claude-mem database, row by row, as lines of an export. Knows neither files nor SQL. */
@NullMarked
package dev.cairn.bus.claudemem;

import org.jspecify.annotations.NullMarked;

/** The discipline of the verticle chain: start, bounded stop, and the one state all links share. */
@NullMarked
package dev.cairn.chain;

import org.jspecify.annotations.NullMarked;

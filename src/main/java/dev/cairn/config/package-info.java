/** The configuration: its keys, its sources and their order, and the immutable records built from them. */
@NullMarked
package dev.cairn.config;

import org.jspecify.annotations.NullMarked;

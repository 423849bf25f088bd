/** Observers: they turn recorded tool uses into observations and summaries. */
@NullMarked
package dev.cairn.observer;

import org.jspecify.annotations.NullMarked;

/** From a turn to its observations by a model: what is told to it, and what is made of whatever it answers. */
@NullMarked
package dev.cairn.observer.ask;

import org.jspecify.annotations.NullMarked;

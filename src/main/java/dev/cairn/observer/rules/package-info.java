/** From a turn to its observations and its summary by rules: no model, no key, no network. */
@NullMarked
package dev.cairn.observer.rules;

import org.jspecify.annotations.NullMarked;

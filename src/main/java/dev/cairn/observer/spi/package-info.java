/** What a model is asked and how it answers: the seam for providers, those on the class path among them. */
@NullMarked
package dev.cairn.observer.spi;

import org.jspecify.annotations.NullMarked;

/** Programs that use Cairn the way applications do; the documentation shows them and tests run them. */
@NullMarked
package dev.cairn.example;

import org.jspecify.annotations.NullMarked;

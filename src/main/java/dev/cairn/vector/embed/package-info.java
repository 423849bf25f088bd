/** Texts into vectors, in this JVM: tokenizer, model, and the threads they run on. */
@NullMarked
package dev.cairn.vector.embed;

import org.jspecify.annotations.NullMarked;

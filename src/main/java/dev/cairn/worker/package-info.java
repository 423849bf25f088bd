/** The root verticle, the chain, the launcher and the signals. */
@NullMarked
package dev.cairn.worker;

import org.jspecify.annotations.NullMarked;

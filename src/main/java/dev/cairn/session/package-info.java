/** Who is working on which project; privacy, size caps, and the hand-over of queued work. */
@NullMarked
package dev.cairn.session;

import org.jspecify.annotations.NullMarked;

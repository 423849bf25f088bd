/** Claude Code's command line as a model: an owned child that is told one question at a time. */
@NullMarked
package dev.cairn.observer.claude;

import org.jspecify.annotations.NullMarked;

/** Child-process ownership. The only room that may start or signal a process. */
@NullMarked
package dev.cairn.process;

import org.jspecify.annotations.NullMarked;

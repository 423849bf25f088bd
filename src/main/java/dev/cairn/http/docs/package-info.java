/** The documentation as pages: Markdown of the jar, rendered once. */
@NullMarked
package dev.cairn.http.docs;

import org.jspecify.annotations.NullMarked;

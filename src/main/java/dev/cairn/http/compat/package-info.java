/**
 * The HTTP contract of the claude-mem worker, both generations of it: its plugins are served as they are. Knows nothing of the door,
 * which hands requests in and carries answers out.
 */
@NullMarked
package dev.cairn.http.compat;

import org.jspecify.annotations.NullMarked;

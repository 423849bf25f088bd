/** What must not be kept or told: private spans, secrets, blobs; and how long a text may be. */
@NullMarked
package dev.cairn.privacy;

import org.jspecify.annotations.NullMarked;

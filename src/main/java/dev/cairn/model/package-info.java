/** The domain's records and error codes. Knows the JDK and nothing else. */
@NullMarked
package dev.cairn.model;

import org.jspecify.annotations.NullMarked;

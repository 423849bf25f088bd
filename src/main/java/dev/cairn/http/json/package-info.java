/** Reading JSON that strangers sent: bounded, strict, and refused with the place or the field at fault. */
@NullMarked
package dev.cairn.http.json;

import org.jspecify.annotations.NullMarked;

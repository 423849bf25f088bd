/** The public contract on the event bus: addresses, records, codecs and the typed client. */
@NullMarked
package dev.cairn.bus;

import org.jspecify.annotations.NullMarked;

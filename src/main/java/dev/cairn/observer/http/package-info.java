/** Models behind HTTP: the Messages API, OpenAI-compatible servers and Gemini. */
@NullMarked
package dev.cairn.observer.http;

import org.jspecify.annotations.NullMarked;

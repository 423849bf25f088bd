package dev.cairn.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A body that is written piece by piece. One piece at a time is asked for, the next when the client has taken the one before:
 * so a slow client slows down its own answer only, and never holds more than one piece. Used on the request's event loop.
 */
interface Outflow {
    /** The next piece, now or when there is one; an empty piece ends the body. A failure cuts the connection. */
    Future<Buffer> next();

    /** The worker stops: the body should come to its end soon. */
    void finish();

    /** Nothing more will be asked; called once, whether the body came to its end or not. */
    void close();
}

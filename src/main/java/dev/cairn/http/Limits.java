package dev.cairn.http;

/**
 * How long the door waits, in milliseconds.
 *
 * @param headMs for the first request of a connection, from its opening to the end of its headers
 * @param bodyMs for the whole of a request's body
 * @param drainMs for the rest of a request that was answered before it had arrived
 * @param finishMs for requests in flight when the stop begins; past it they are answered 503
 * @param closeMs for connections to close at the stop, {@code finishMs} included
 */
record Limits(long headMs, long bodyMs, long drainMs, long finishMs, long closeMs) {
    static final Limits DEFAULT = new Limits(30_000, 10_000, 5_000, 600, 900);

    /** The longest request line, in bytes: a query of the longest text, percent-encoded, fits. */
    static final int MAX_REQUEST_LINE = 128 * 1024;

    /** All headers together, in bytes. */
    static final int MAX_HEADERS = 32 * 1024;

    /** After this many seconds without a request a connection that has had one is closed. */
    static final int IDLE_SECONDS = 180;

    /** Bodies longer than this, in bytes, are parsed off the event loop. */
    static final int PARSE_INLINE = 64 * 1024;
}

package dev.cairn.http;

/**
 * How long the door waits, in milliseconds.
 *
 * @param idleMs for a connection over which nothing goes, in either direction; for its next request
 * @param headMs for the first request of a connection, from its opening to the end of its headers
 * @param bodyMs for the whole of a request's body; for the next part of one that is read as a stream
 * @param drainMs for the rest of a request that was answered before it had arrived
 * @param finishMs for requests in flight when the stop begins; past it they are answered 503
 * @param closeMs for connections to close at the stop, {@code finishMs} included
 */
record Limits(long idleMs, long headMs, long bodyMs, long drainMs, long finishMs, long closeMs, Streams streams) {
    static final Limits DEFAULT = new Limits(60_000, 30_000, 10_000, 5_000, 600, 900, Streams.DEFAULT);

    /** The longest request line, in bytes: a query of the longest text, percent-encoded, fits. */
    static final int MAX_REQUEST_LINE = 128 * 1024;

    /** All headers together, in bytes. */
    static final int MAX_HEADERS = 32 * 1024;

    /** Bodies longer than this, in bytes, are parsed off the event loop. */
    static final int PARSE_INLINE = 64 * 1024;

    /**
     * Answers that are written piece by piece.
     *
     * @param beatMs a sign of life on a live stream without events
     * @param stallMs for a client to take one piece
     * @param maxViewers how many may watch the live stream
     * @param maxEvents how many past events a client that comes back may be told
     * @param maxBytes how long those are together, in bytes
     * @param keepMs how long events are kept for those who may come back after the last one left
     */
    record Streams(long beatMs, long stallMs, int maxViewers, int maxEvents, long maxBytes, long keepMs) {
        static final Streams DEFAULT = new Streams(15_000, 30_000, 256, 1_000, 4L << 20, 300_000);
    }
}

package dev.cairn.model;

/**
 * Every way a request can be refused: one table for all doors.
 *
 * <p>The name in lower case is the {@code code} of JSON errors; {@link #httpStatus()} is the HTTP status and the failure
 * code of bus replies; {@link #exitCode()} is what the command line ends with.
 */
public enum ErrorCode {
    /** A value that cannot be accepted; the message names the field and the remedy. */
    INVALID_ARGUMENT(400, 2),
    /** A token is needed and missing or wrong. */
    UNAUTHORIZED(401, 1),
    /** The caller's Host or Origin is not on the allow-list. */
    FORBIDDEN(403, 1),
    NOT_FOUND(404, 1),
    METHOD_NOT_ALLOWED(405, 2),
    /** The request took too long to arrive. */
    REQUEST_TIMEOUT(408, 1),
    /** Against the state: already running, or a newer schema. */
    CONFLICT(409, 4),
    PAYLOAD_TOO_LARGE(413, 1),
    URI_TOO_LONG(414, 1),
    UNSUPPORTED_MEDIA_TYPE(415, 2),
    HEADERS_TOO_LARGE(431, 1),
    /** A defect of the worker. */
    INTERNAL(500, 1),
    /** Starting, stopping, or too busy: the same request may succeed later. */
    UNAVAILABLE(503, 3),
    /** A part of the worker did not answer in time. */
    TIMEOUT(504, 1),
    /** The disk is full: nothing was written. */
    STORAGE_FULL(507, 1);

    private final int httpStatus;
    private final int exitCode;

    ErrorCode(int httpStatus, int exitCode) {
        this.httpStatus = httpStatus;
        this.exitCode = exitCode;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The code as it stands in JSON errors. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The code with this HTTP status; INTERNAL for one that is not in the table. */
    public static ErrorCode ofStatus(int status) {
        for (ErrorCode code : values()) {
            if (code.httpStatus == status) {
                return code;
            }
        }
        return INTERNAL;
    }
}

package dev.cairn.mcp;

import org.jspecify.annotations.Nullable;

/** Why an MCP request has no answer. */
public final class McpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Kind {
        /** The channel is closed, or closed before the answer came. */
        CLOSED,
        /** No answer within the deadline; the server was told to give up. */
        TIMEOUT,
        /** Too much waits to be sent or answered; nothing was asked. */
        BUSY,
        /** The server answered with a JSON-RPC error. */
        REFUSED,
        /** The server answered with something that is no answer. */
        BAD_ANSWER
    }

    private final Kind kind;
    private final int code;

    McpException(Kind kind, String message) {
        this(kind, 0, message, null);
    }

    McpException(Kind kind, int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /** The JSON-RPC error's code when the kind is REFUSED; otherwise 0. */
    public int code() {
        return code;
    }
}

package dev.cairn.mcp;

import org.jspecify.annotations.Nullable;

/** Why a request gets no result: an error of the protocol, told to the program that asked. Without a stack trace. */
public final class McpFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of errors; each revision has its codes for them. */
    public enum Kind {
        INVALID_PARAMS,
        /** What a URI names is not there. */
        NO_RESOURCE,
        /** Not this time: what is behind the method is away. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final @Nullable String uri;

    private McpFault(Kind kind, String message, @Nullable String uri) {
        super(message, null, false, false);
        this.kind = kind;
        this.uri = uri;
    }

    /** @param why begins with the name of the parameter and names the remedy */
    public static McpFault invalid(String why) {
        return new McpFault(Kind.INVALID_PARAMS, "Invalid params: " + why, null);
    }

    public static McpFault noResource(String uri, String why) {
        return new McpFault(Kind.NO_RESOURCE, "Resource not found: " + why, uri);
    }

    public static McpFault unavailable(String why) {
        return new McpFault(Kind.UNAVAILABLE, why, null);
    }

    public Kind kind() {
        return kind;
    }

    /** The resource that is not there; null with the other kinds. */
    public @Nullable String uri() {
        return uri;
    }
}

package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** How the answers of one revision, or of several alike, look on the wire. Thread-safe. */
sealed interface Revision permits HandshakeRevision, StatelessRevision {
    /** Runs a method that only this one has; null when it is none. */
    @Nullable
    ObjectNode run(JsonRpc.Request request);

    McpReply result(JsonRpc.Request request, ObjectNode result);

    /** To a method that is not there. */
    McpReply unknown(JsonRpc.Request request);

    McpReply fault(JsonRpc.Request request, McpFault fault);
}

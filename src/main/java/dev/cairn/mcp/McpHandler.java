package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of MCP, without sessions and without streams, in both eras: revisions with a handshake and those
 * without. Over streamable HTTP every POST is answered by one JSON message, or by 202; over stdio
 * ({@link McpStdioServer}) every line is. Thread-safe; the answer comes on the context the tool answers on.
 *
 * <p>Why not the Java SDK's stateless server: its answers to what clients get wrong are not fit to pass on. Params of the
 * wrong type throw out of its handler (a missing {@code params} is a NullPointerException) instead of -32602, an unknown
 * tool is called "invalid_tool_name", and clients' words go to the log at INFO. Checking all that first leaves the SDK
 * four small answers, for which making the server took 0.6 s and its first call blocked the event loop for 0.13 s. The
 * SDK's client is what the tests talk to this class with.
 */
public final class McpHandler {
    /** The longest text of a tool, in UTF-16 units: hosts put much longer ones aside and show the model an error. */
    public static final int MAX_TEXT = 24_900;

    private static final Logger LOG = LoggerFactory.getLogger(McpHandler.class);

    private final Methods methods;
    private final HandshakeRevision handshake;
    private final StatelessRevision stateless;

    public McpHandler(McpServerInfo info, McpOffer offer) {
        this.methods = new Methods(offer);
        this.handshake = new HandshakeRevision(info, methods);
        this.stateless = new StatelessRevision(info, methods);
    }

    /**
     * Handles the body of one POST.
     *
     * @param headers of the request; only those of the protocol are looked at
     * @param structured whether the client asks for structured answers of every tool
     * @return never fails
     */
    public Future<McpReply> handle(MultiMap headers, String body, boolean structured) {
        return message(headers, body, structured);
    }

    /** The same from a channel that has no headers, such as a line of standard input. */
    public Future<McpReply> handle(String line) {
        return message(null, line, false);
    }

    private Future<McpReply> message(@Nullable MultiMap headers, String body, boolean structured) {
        JsonRpc.Message message = JsonRpc.read(body);
        if (message instanceof JsonRpc.Malformed malformed) {
            return Future.succeededFuture(
                    new McpReply(400, JsonRpc.error(malformed.id(), malformed.code(), malformed.message())));
        }
        if (!(message instanceof JsonRpc.Request request)) {
            return Future.succeededFuture(new McpReply(202, null));
        }
        if (!StatelessRevision.concerns(headers, request)) {
            return answer(handshake, request, structured);
        }
        McpReply refusal = stateless.refusal(headers, request);
        return refusal == null ? answer(stateless, request, structured) : Future.succeededFuture(refusal);
    }

    private Future<McpReply> answer(Revision revision, JsonRpc.Request request, boolean structured) {
        Future<ObjectNode> result = run(revision, request, structured);
        if (result == null) {
            return Future.succeededFuture(revision.unknown(request));
        }
        return result.transform(outcome -> {
            if (outcome.succeeded()) {
                return Future.succeededFuture(revision.result(request, outcome.result()));
            }
            if (outcome.cause() instanceof McpFault fault) {
                return Future.succeededFuture(revision.fault(request, fault));
            }
            LOG.error("{} {} failed", request.method(), subject(request), outcome.cause());
            return Future.succeededFuture(new McpReply(
                    200,
                    JsonRpc.error(
                            request.id(),
                            JsonRpc.INTERNAL_ERROR,
                            "Internal error in " + request.method() + " " + subject(request))));
        });
    }

    private @Nullable Future<ObjectNode> run(Revision revision, JsonRpc.Request request, boolean structured) {
        try {
            ObjectNode own = revision.run(request);
            return own == null
                    ? methods.run(request.method(), request.params(), structured)
                    : Future.succeededFuture(own);
        } catch (McpFault fault) {
            return Future.failedFuture(fault);
        }
    }

    /** The tool, prompt or resource it is about; empty when it is about none. */
    private static String subject(JsonRpc.Request request) {
        String name = RoutingHeaders.name(request.method(), request.params());
        return name == null ? "" : Texts.shown(name);
    }
}

package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * A tool that a model may call.
 *
 * @param name lower-case letters and underscores
 * @param title for people
 * @param description for the model
 * @param inputSchema a JSON Schema of type object
 * @param effect what calling it may do
 * @param call gets the arguments; must not block, must complete in bounded time, and answers whatever the model should
 *     read, refusals too. It fails only by a defect.
 */
public record McpTool(
        String name,
        String title,
        String description,
        ObjectNode inputSchema,
        Effect effect,
        Function<ObjectNode, Future<McpToolAnswer>> call) {

    /** What a call may do to the data behind the tool. */
    public enum Effect {
        READS,
        ADDS,
        DESTROYS
    }
}

package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tool that a model may call.
 *
 * @param name lower-case letters and underscores
 * @param title for people
 * @param description for the model
 * @param inputSchema a JSON Schema of type object
 * @param output null for a tool whose structured answers, if it has any, are not described
 * @param effect what calling it may do
 * @param call gets the arguments; must not block, must complete in bounded time, and answers whatever the model should
 *     read, refusals too. It fails only by a defect.
 */
public record McpTool(
        String name,
        String title,
        String description,
        ObjectNode inputSchema,
        @Nullable Output output,
        Effect effect,
        Function<ObjectNode, Future<McpToolAnswer>> call) {

    /** What a call may do to the data behind the tool. */
    public enum Effect {
        READS,
        ADDS,
        DESTROYS
    }

    /**
     * What its structured answers are.
     *
     * @param schema a JSON Schema of type object, which every answer that is no refusal fits
     * @param always whether they are given to every client; otherwise to those that ask for structured answers, as hosts show
     *     a model nothing else once they are there
     */
    public record Output(ObjectNode schema, boolean always) {}

    /** One whose structured answers are not described. */
    public McpTool(
            String name,
            String title,
            String description,
            ObjectNode inputSchema,
            Effect effect,
            Function<ObjectNode, Future<McpToolAnswer>> call) {
        this(name, title, description, inputSchema, null, effect, call);
    }

    /** Whether a client is given structured answers, and their schema. */
    boolean structuredFor(boolean asked) {
        return output == null || output.always() || asked;
    }
}

package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a tool says to the model.
 *
 * @param text at most {@link McpHandler#MAX_TEXT} UTF-16 units; the rest of a longer one is cut
 * @param error whether the call was refused or failed; the text then says why and what helps
 * @param structured the same for programs, as long at most; who is given it is for {@link McpTool.Output} to say. Null for
 *     text alone
 */
public record McpToolAnswer(
        String text, boolean error, @Nullable ObjectNode structured) {
    public static McpToolAnswer of(String text) {
        return new McpToolAnswer(text, false, null);
    }

    public static McpToolAnswer refusal(String text) {
        return new McpToolAnswer(text, true, null);
    }

    /** The same twice: for models and people, and for programs. */
    public static McpToolAnswer structured(String text, ObjectNode structured) {
        return new McpToolAnswer(text, false, structured);
    }
}

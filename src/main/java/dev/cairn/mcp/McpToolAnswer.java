package dev.cairn.mcp;

/**
 * What a tool says to the model.
 *
 * @param text at most {@link McpHandler#MAX_TEXT} UTF-16 units; the rest of a longer one is cut
 * @param error whether the call was refused or failed; the text then says why and what helps
 */
public record McpToolAnswer(String text, boolean error) {
    public static McpToolAnswer of(String text) {
        return new McpToolAnswer(text, false);
    }

    public static McpToolAnswer refusal(String text) {
        return new McpToolAnswer(text, true);
    }
}

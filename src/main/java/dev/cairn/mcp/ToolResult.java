package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server's tool answered.
 *
 * @param texts the text contents in their order; other contents are left out
 * @param structured the {@code structuredContent}; null when there is none
 * @param error whether the tool says that it failed; the texts then say why
 */
public record ToolResult(List<String> texts, @Nullable JsonNode structured, boolean error) {
    public ToolResult {
        texts = List.copyOf(texts);
    }

    /** The texts as one, a line end between them. */
    public String text() {
        return String.join("\n", texts);
    }
}

package dev.cairn.mcp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server offers. What it lacks is neither declared nor answered.
 *
 * @param tools in the order of their listing
 * @param resources null for none
 * @param prompts in the order of their listing; empty for none
 * @param completion null for none
 */
public record McpOffer(
        List<McpTool> tools,
        @Nullable McpResources resources,
        List<McpPrompt> prompts,
        @Nullable McpCompletion completion) {
    public McpOffer {
        tools = List.copyOf(tools);
        prompts = List.copyOf(prompts);
    }

    public static McpOffer ofTools(List<McpTool> tools) {
        return new McpOffer(tools, null, List.of(), null);
    }
}

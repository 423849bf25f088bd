package dev.cairn.bus;

import dev.cairn.model.Observation;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a listing or a fetch: only the lists that were asked for have any.
 *
 * @param next the cursor of the next page; null on the last
 */
public record Page(
        List<Session> sessions,
        List<Prompt> prompts,
        List<ToolUse> toolUses,
        List<Observation> observations,
        List<Summary> summaries,
        @Nullable String next) {
    public Page {
        sessions = List.copyOf(sessions);
        prompts = List.copyOf(prompts);
        toolUses = List.copyOf(toolUses);
        observations = List.copyOf(observations);
        summaries = List.copyOf(summaries);
    }
}

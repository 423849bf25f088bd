package dev.cairn.bus;

import dev.cairn.model.CommandRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An observation an observer made.
 *
 * @param toolUseIds the worker's ids of the tool uses it was made of
 * @param createdAt epoch milliseconds: when the last of them was recorded
 */
public record NewObservation(
        String type,
        String title,
        @Nullable String subtitle,
        @Nullable String narrative,
        List<String> facts,
        List<String> concepts,
        List<String> filesRead,
        List<String> filesModified,
        List<CommandRun> commands,
        List<Long> toolUseIds,
        long createdAt) {
    public NewObservation {
        facts = List.copyOf(facts);
        concepts = List.copyOf(concepts);
        filesRead = List.copyOf(filesRead);
        filesModified = List.copyOf(filesModified);
        commands = List.copyOf(commands);
        toolUseIds = List.copyOf(toolUseIds);
    }
}

package dev.cairn.bus;

import dev.cairn.model.CommandRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An observation an observer made.
 *
 * @param toolUseIds the worker's ids of the tool uses it was made of
 * @param createdAt epoch milliseconds: when the last of them was recorded
 * @param sameAs an observation of the session that says the same: this one is counted there and not stored; null for a new one.
 *     When that one is gone, this one is stored
 * @param times how many observations it stands for, at least 1
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
        long createdAt,
        @Nullable Long sameAs,
        int times) {
    public NewObservation {
        facts = List.copyOf(facts);
        concepts = List.copyOf(concepts);
        filesRead = List.copyOf(filesRead);
        filesModified = List.copyOf(filesModified);
        commands = List.copyOf(commands);
        toolUseIds = List.copyOf(toolUseIds);
    }

    /** A new one, made once. */
    public NewObservation(
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
        this(
                type,
                title,
                subtitle,
                narrative,
                facts,
                concepts,
                filesRead,
                filesModified,
                commands,
                toolUseIds,
                createdAt,
                null,
                1);
    }
}

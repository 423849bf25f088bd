package dev.cairn.bus;

import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns of the queue, oldest first. */
public record Turns(List<Item> items) {
    /**
     * @param turn its number within the session
     * @param attempts how often it failed by its own fault
     * @param lastError why it failed last; null when it did not
     * @param notBefore when it is tried again, epoch milliseconds; 0 for now
     * @param toolUses how many of its tool uses no observer has seen
     */
    public record Item(
            long id,
            String state,
            Project project,
            String platform,
            String sessionId,
            int turn,
            int attempts,
            @Nullable String lastError,
            long notBefore,
            int toolUses,
            long lastEventAt) {}

    public Turns {
        items = List.copyOf(items);
    }
}

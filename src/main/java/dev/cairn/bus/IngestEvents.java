package dev.cairn.bus;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of any number of sessions and hosts to record, in their order, in one transaction: all or none.
 *
 * @param items 1 to {@link RecordEvents#MAX_EVENTS}
 * @param key the sender's name for this batch; a batch of the same name is stored once. Null for none
 * @param at when it was received, in epoch milliseconds
 * @param requestId see {@link RecordEvents#requestId()}
 */
public record IngestEvents(
        List<Item> items,
        @Nullable String key,
        long at,
        @Nullable String requestId) {
    /** The longest key, in UTF-16 units. */
    public static final int MAX_KEY = 200;

    public IngestEvents {
        items = List.copyOf(items);
    }

    /**
     * One event.
     *
     * @param key the sender's name for it; an event of the same platform and name is stored once. Null for none
     * @param project where it belongs. From a sender: null when its directory tells. For the store: null when it is excluded
     * @param named whether the sender called the project by its key or its name: the one that has it is meant
     */
    public record Item(
            AgentEvent event,
            @Nullable String key,
            @Nullable Project project,
            boolean named) {}
}

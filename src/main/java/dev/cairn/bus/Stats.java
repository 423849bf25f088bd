package dev.cairn.bus;

import java.util.Map;

/**
 * The figures of the store.
 *
 * @param events how many hook events were received, by the host's name for them
 * @param databaseBytes the size of the database with its log
 */
public record Stats(
        long sessions,
        long prompts,
        long toolUses,
        long observations,
        long summaries,
        long pending,
        long claimed,
        long parked,
        Map<String, Long> events,
        String databasePath,
        long databaseBytes) {
    public Stats {
        events = Map.copyOf(events);
    }
}

package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for turns by their place in the queue.
 *
 * @param state {@code pending, claimed} or {@code parked}
 * @param after only turns with a greater id; null for all
 * @param limit at most 100
 */
public record TurnsQuery(String state, @Nullable Long after, int limit) {
    public static final List<String> STATES = List.of("pending", "claimed", "parked");
}

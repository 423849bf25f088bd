package dev.cairn.bus;

import dev.cairn.model.EventKind;
import org.jspecify.annotations.Nullable;

/**
 * Something said during a turn.
 *
 * @param kind STOP, SUBAGENT_STOP or COMPACT
 * @param at epoch milliseconds
 */
public record TurnNote(
        EventKind kind,
        @Nullable String agentId,
        @Nullable String detail,
        @Nullable String text,
        long at) {}

package dev.cairn.store;

import dev.cairn.bus.Recorded;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.ToolUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an append did, for the answer and for those who listen.
 *
 * @param requestId what the caller calls its request; null for none
 * @param turns ids of the turns the events belong to
 */
record Appended(
        Recorded recorded,
        @Nullable String requestId,
        List<Long> turns,
        List<Session> sessions,
        List<Prompt> prompts,
        List<ToolUse> toolUses,
        List<TurnReady> ready) {}

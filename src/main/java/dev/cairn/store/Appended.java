package dev.cairn.store;

import dev.cairn.bus.Recorded;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.ToolUse;
import java.util.List;

/** What an append did, for the answer and for those who listen. */
record Appended(
        Recorded recorded,
        List<Session> sessions,
        List<Prompt> prompts,
        List<ToolUse> toolUses,
        List<TurnReady> ready) {}

package dev.cairn.observer.ask;

import dev.cairn.model.ToolUse;
import java.util.List;

/**
 * What one question is about.
 *
 * @param told the tool uses the model is told of, in their order; its answer refers to them by their place, from 1
 * @param seen ids of the fresh tool uses that are done with when the batch is: those told, and bookkeeping among them
 * @param last whether nothing of the turn is left after it, so that it is summed up
 * @param worthAsking whether there is anything a model could add to what the records say by themselves
 * @param opening what was observed earlier in the session, as JSON; empty for nothing
 * @param document the batch as JSON
 */
record Batch(List<ToolUse> told, List<Long> seen, boolean last, boolean worthAsking, String opening, String document) {
    Batch {
        told = List.copyOf(told);
        seen = List.copyOf(seen);
    }
}

package dev.cairn.observer.rules;

import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.ToolUse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a turn's records say by themselves: which files were read and changed, which commands ran with what result. A model is not
 * asked for what is known, and cannot get it wrong. Immutable.
 */
public final class TurnFacts {
    /**
     * An observation in words.
     *
     * @param type any word of the vocabulary
     * @param concepts any words; those of the files are added
     * @param toolUseIds what it was made of; ids that are not of the turn are left out
     */
    public record Words(
            String type,
            String title,
            @Nullable String subtitle,
            @Nullable String narrative,
            List<String> facts,
            List<String> concepts,
            List<Long> toolUseIds) {
        public Words {
            facts = List.copyOf(facts);
            concepts = List.copyOf(concepts);
            toolUseIds = List.copyOf(toolUseIds);
        }
    }

    private final TurnWork work;
    private final Turn turn;
    private final Map<Long, ToolCall> calls = new TreeMap<>();

    private TurnFacts(TurnWork work) {
        this.work = work;
        this.turn = Turn.of(work);
        turn.calls().forEach(call -> calls.put(call.id(), call));
    }

    /** Reads a turn; linear in its size, so not on an event loop. */
    public static TurnFacts of(TurnWork work) {
        return new TurnFacts(work);
    }

    /** Whether it was the agent's own bookkeeping, which says nothing about the project. */
    public boolean isHousekeeping(ToolUse use) {
        ToolCall call = calls.get(use.id());
        return call != null && call.kind() == ToolKind.HOUSEKEEPING;
    }

    /** What was asked, on one line; empty when that is not known. */
    public String asked() {
        return turn.request();
    }

    /** What the agent said last; empty when it said nothing. */
    public String said() {
        return turn.said();
    }

    /** What sub-agents said last, in the order of their ids. */
    public Collection<String> reports() {
        return List.copyOf(turn.reports().values());
    }

    /** Whether the user stopped the agent. */
    public boolean interrupted() {
        return turn.interrupted();
    }

    /** The observation with the files, the commands and the time that its tool uses tell. */
    public NewObservation observation(Words words) {
        Draft draft = new Draft(0).type(words.type()).title(words.title());
        List<ToolCall> made = new ArrayList<>();
        for (Long id : words.toolUseIds()) {
            ToolCall call = calls.get(id);
            if (call != null) {
                made.add(call);
            }
        }
        draft.useAll(made);
        if (made.isEmpty()) {
            draft.at(work.endedAt());
        }
        draft.words(words.concepts());
        words.facts().forEach(draft::fact);
        if (words.subtitle() != null) {
            draft.subtitle(words.subtitle());
        }
        if (words.narrative() != null) {
            draft.tell(words.narrative());
        }
        draft.factOfFiles();
        return draft.build();
    }

    /** The summary by rules: what the turn's records and the agent's last words say. Null when there is nothing to sum up. */
    public @Nullable NewSummary summary() {
        return SummaryRules.summary(turn, ErrorFixes.find(turn.calls()));
    }
}

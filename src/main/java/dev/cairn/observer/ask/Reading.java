package dev.cairn.observer.ask;

import dev.cairn.observer.rules.TurnFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was read from an answer.
 *
 * @param observations in words, each with the places of the tool uses it refers to, from 1; those that stood complete in an answer
 *     that was cut
 * @param summary texts by the names of the schema; without the empty ones
 * @param problem what was wrong with the form, for the model and for people; null for nothing
 * @param prose the words, when there was no JSON
 */
record Reading(
        Finding finding,
        List<Told> observations,
        Map<String, String> summary,
        @Nullable String problem,
        String prose) {
    /** @param words without tool uses: their ids are not known to the model */
    record Told(TurnFacts.Words words, List<Integer> refs) {
        Told {
            refs = List.copyOf(refs);
        }
    }

    Reading {
        observations = List.copyOf(observations);
        summary = Map.copyOf(summary);
    }

    static Reading of(Finding finding, String problem) {
        return new Reading(finding, List.of(), Map.of(), problem, "");
    }
}

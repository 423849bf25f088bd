package dev.cairn.bus;

import java.util.List;

/**
 * What a new session should know.
 *
 * @param text empty when nothing is known; otherwise at most 10,000 UTF-16 units; the same data gives the same bytes
 * @param tokens about how many tokens it takes a model
 * @param summaryIds the summaries shown
 * @param observationIds the observations shown
 */
public record ContextText(String project, String text, int tokens, List<Long> summaryIds, List<Long> observationIds) {
    public ContextText {
        summaryIds = List.copyOf(summaryIds);
        observationIds = List.copyOf(observationIds);
    }
}

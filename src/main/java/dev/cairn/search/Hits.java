package dev.cairn.search;

import dev.cairn.bus.MemoryRow;
import dev.cairn.model.Correction;
import dev.cairn.model.PlainText;
import dev.cairn.model.SearchHit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what people and models are shown of the rows that retrieval found. */
final class Hits {
    private static final int MAX_FILES = 10;

    private Hits() {}

    /**
     * @param terms what is marked in the snippet
     * @param why the score by strategy; null when it was not asked for or nothing was scored
     */
    static SearchHit of(MemoryRow row, Terms terms, @Nullable Map<String, Double> why) {
        List<String> files = row.files();
        return new SearchHit(
                row.kind(),
                row.id(),
                row.type(),
                row.title(),
                row.subtitle(),
                Snippet.of(row.body(), terms),
                row.project().key(),
                row.platform(),
                row.session(),
                row.createdAt(),
                row.score(),
                tokens(row),
                files.size() > MAX_FILES ? files.subList(0, MAX_FILES) : files,
                why,
                row.supersededBy(),
                row.times());
    }

    /** The same hits; a correction that stood below what it corrects stands directly before it. Their scores stay. */
    static List<SearchHit> correctionsFirst(List<SearchHit> hits) {
        if (hits.stream().allMatch(hit -> hit.supersededBy() == null)) {
            return hits;
        }
        Map<Long, SearchHit> left = new LinkedHashMap<>();
        hits.forEach(hit -> left.put(hit.id(), hit));
        List<SearchHit> ordered = new ArrayList<>(hits.size());
        for (SearchHit hit : hits) {
            Correction by = hit.supersededBy();
            SearchHit correction = by == null ? null : left.remove(by.id());
            if (correction != null) {
                ordered.add(correction);
            }
            if (left.remove(hit.id()) != null) {
                ordered.add(hit);
            }
        }
        return ordered;
    }

    private static int tokens(MemoryRow row) {
        int subtitle = row.subtitle() == null ? 0 : PlainText.tokens(row.subtitle());
        return PlainText.tokens(row.title()) + subtitle + PlainText.tokens(row.body());
    }
}

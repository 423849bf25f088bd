package dev.cairn.search;

import dev.cairn.bus.MemoryRow;
import dev.cairn.model.PlainText;
import dev.cairn.model.SearchHit;
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
                why);
    }

    private static int tokens(MemoryRow row) {
        int subtitle = row.subtitle() == null ? 0 : PlainText.tokens(row.subtitle());
        return PlainText.tokens(row.title()) + subtitle + PlainText.tokens(row.body());
    }
}

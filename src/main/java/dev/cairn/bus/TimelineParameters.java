package dev.cairn.bus;

import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A timeline as people and tools ask for it: {@code anchor} (an id such as {@code 12} or {@code #12}, or a time) or
 * {@code query}, {@code before, after, project, platform}. One reading for every door; every refusal names the field.
 */
public final class TimelineParameters {
    /** How many rows on each side of the anchor unless it is said. */
    public static final int DEFAULT_ROWS = 10;

    private static final int MAX_PLATFORM = 64;

    /** Every name that is read. */
    public static final List<String> NAMES = List.of("anchor", "query", "before", "after", "project", "platform");

    /** A number from here on is epoch milliseconds, one below is an id: 1973, and more memories than a disk holds. */
    private static final long FIRST_TIME = 100_000_000_000L;

    private static final Pattern ID = Pattern.compile("#\\d{1,18}|\\d{1,18}");

    private TimelineParameters() {}

    public static TimelineQuery parse(Parameters parameters) {
        String anchor = parameters.text("anchor", 100);
        String query = parameters.text("query", SearchQuery.MAX_TEXT);
        if ((anchor == null) == (query == null)) {
            throw CairnException.invalid(
                    "anchor", "anchor: give either anchor (an id or a time) or query (words), and not both");
        }
        Long id = id(anchor);
        Integer before = parameters.number("before", 0, TimelineQuery.MAX_ROWS);
        Integer after = parameters.number("after", 0, TimelineQuery.MAX_ROWS);
        return new TimelineQuery(
                id,
                anchor == null || id != null ? null : time(anchor),
                query,
                Objects.requireNonNullElse(before, DEFAULT_ROWS),
                Objects.requireNonNullElse(after, DEFAULT_ROWS),
                parameters.text("project", NewMemory.MAX_PROJECT),
                parameters.text("platform", MAX_PLATFORM));
    }

    private static @Nullable Long id(@Nullable String anchor) {
        String text = anchor == null ? "" : anchor.strip();
        if (!ID.matcher(text).matches()) {
            return null;
        }
        boolean marked = text.startsWith("#");
        long number = Long.parseLong(marked ? text.substring(1) : text);
        return marked || number < FIRST_TIME ? number : null;
    }

    private static long time(String anchor) {
        try {
            return Parameters.instant("anchor", anchor, false);
        } catch (CairnException e) {
            throw CairnException.invalid(
                    "anchor",
                    "anchor must be the id of a memory such as 12, or a time such as 2026-11-22T09:30:00Z, not '"
                            + Parameters.shown(anchor) + "'");
        }
    }
}

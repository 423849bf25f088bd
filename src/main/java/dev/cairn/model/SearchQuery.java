package dev.cairn.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A search over memories. A filter that is null or empty does not apply.
 *
 * @param text words, and phrases in quotes; any text is safe. Null or blank lists by the other filters
 * @param kinds which kinds
 * @param types observation types, any of them
 * @param concepts observation concepts, any of them
 * @param file a path or a part of one; matched against files read and modified
 * @param project a project's key, or its name
 * @param platform the host
 * @param session the host's session id
 * @param from at or after, epoch milliseconds
 * @param to at or before, epoch milliseconds
 * @param limit 1 to 100
 * @param offset 0 to 10,000
 * @param explain whether each hit says how it was found
 * @param strategies {@code keyword}, {@code semantic}: what may serve it; empty (or null, which becomes empty) for all there are
 * @param recency whether of two that fit as well the newer one comes first; nothing is dropped for its age
 */
public record SearchQuery(
        @Nullable String text,
        List<Kind> kinds,
        List<String> types,
        List<String> concepts,
        @Nullable String file,
        @Nullable String project,
        @Nullable String platform,
        @Nullable String session,
        @Nullable Long from,
        @Nullable Long to,
        int limit,
        int offset,
        SearchOrder order,
        boolean explain,
        @Nullable List<String> strategies,
        @Nullable Boolean recency) {
    /** The words for strategies. */
    public static final List<String> STRATEGIES = List.of("keyword", "semantic");

    public static final int MAX_LIMIT = 100;
    public static final int MAX_OFFSET = 10_000;
    public static final int DEFAULT_LIMIT = 20;
    /** Longer queries are refused, in UTF-16 units. */
    public static final int MAX_TEXT = 10_000;

    public SearchQuery {
        kinds = List.copyOf(kinds);
        types = List.copyOf(types);
        concepts = List.copyOf(concepts);
        // Clients of before do not know these two.
        strategies = strategies == null ? List.of() : List.copyOf(strategies);
        recency = recency != null && recency;
        if (text != null && text.length() > MAX_TEXT) {
            throw CairnException.invalid("query", "query has more than " + MAX_TEXT + " characters; shorten it");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw CairnException.invalid("limit", "limit must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
        if (offset < 0 || offset > MAX_OFFSET) {
            throw CairnException.invalid("offset", "offset must be 0 to " + MAX_OFFSET + ", not " + offset);
        }
        if (from != null && to != null && from > to) {
            throw CairnException.invalid("from", "from is after to; swap them");
        }
    }

    /** By all strategies, and without regard to age. */
    public SearchQuery(
            @Nullable String text,
            List<Kind> kinds,
            List<String> types,
            List<String> concepts,
            @Nullable String file,
            @Nullable String project,
            @Nullable String platform,
            @Nullable String session,
            @Nullable Long from,
            @Nullable Long to,
            int limit,
            int offset,
            SearchOrder order,
            boolean explain) {
        this(
                text, kinds, types, concepts, file, project, platform, session, from, to, limit, offset, order, explain,
                List.of(), false);
    }

    /** Whether this strategy may serve it. */
    public boolean allows(String strategy) {
        List<String> allowed = strategies;
        return allowed == null || allowed.isEmpty() || allowed.contains(strategy);
    }

    /** Whether the newer of two that fit as well comes first. */
    public boolean prefersNewer() {
        return Boolean.TRUE.equals(recency);
    }

    /** The same from the first hit on. */
    public SearchQuery firstPage(int newLimit) {
        return new SearchQuery(
                text,
                kinds,
                types,
                concepts,
                file,
                project,
                platform,
                session,
                from,
                to,
                newLimit,
                0,
                order,
                explain,
                strategies,
                recency);
    }

    /** The same in one project. */
    public SearchQuery in(String oneProject) {
        return new SearchQuery(
                text,
                kinds,
                types,
                concepts,
                file,
                oneProject,
                platform,
                session,
                from,
                to,
                limit,
                offset,
                order,
                explain,
                strategies,
                recency);
    }

    /** The same, served by these strategies alone. */
    public SearchQuery by(List<String> only) {
        return new SearchQuery(
                text, kinds, types, concepts, file, project, platform, session, from, to, limit, offset, order, explain,
                only, recency);
    }

    /** The words alone, in one project or (null) in all, best first. */
    public static SearchQuery of(@Nullable String text, @Nullable String project, int limit) {
        return new SearchQuery(
                text,
                List.of(),
                List.of(),
                List.of(),
                null,
                project,
                null,
                null,
                null,
                null,
                limit,
                0,
                SearchOrder.RELEVANCE,
                false);
    }
}

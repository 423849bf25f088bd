package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Page;
import dev.cairn.bus.Projects;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.What;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.Prompt;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds memories by the worker's own searches, and reads them as rows of the contract. */
final class Memories {
    private static final Comparator<SearchHit> NEWEST = Comparator.comparingLong(SearchHit::createdAt)
            .thenComparingLong(SearchHit::id)
            .reversed();
    private static final Comparator<SearchHit> BEST =
            Comparator.comparingDouble(SearchHit::score).reversed().thenComparing(NEWEST);
    /** The rows of one answer that are read for their session's number. */
    private static final int MOST_SESSIONS = 200;

    private final Bus bus;
    private final Sessions sessions;

    Memories(Bus bus, Sessions sessions) {
        this.bus = bus;
        this.sessions = sessions;
    }

    /** One page of what several projects have together; {@code projects} is empty for all there are. */
    Future<SearchResult> search(SearchQuery query, List<String> projects) {
        if (projects.size() < 2) {
            return bus.request(Addresses.SEARCH_QUERY, projects.isEmpty() ? query : query.in(projects.get(0)));
        }
        int wanted = Math.min(SearchQuery.MAX_LIMIT, query.offset() + query.limit());
        List<Future<SearchResult>> asked = new ArrayList<>();
        for (String project : projects) {
            asked.add(
                    bus.request(Addresses.SEARCH_QUERY, query.firstPage(wanted).in(project)));
        }
        return Future.all(asked)
                .map(all -> joined(query, asked.stream().map(Future::result).toList()));
    }

    private static SearchResult joined(SearchQuery query, List<SearchResult> results) {
        Map<Long, SearchHit> hits = new LinkedHashMap<>();
        long total = 0;
        Set<String> strategies = new LinkedHashSet<>();
        long tookMs = 0;
        Coverage coverage = results.get(0).coverage();
        for (SearchResult result : results) {
            result.hits().forEach(hit -> hits.putIfAbsent(hit.id(), hit));
            total += result.total();
            strategies.addAll(result.strategies());
            tookMs = Math.max(tookMs, result.tookMs());
        }
        Comparator<SearchHit> order = query.order() == SearchOrder.OLDEST
                ? NEWEST.reversed()
                : query.order() == SearchOrder.NEWEST || query.text() == null ? NEWEST : BEST;
        List<SearchHit> page = hits.values().stream()
                .sorted(order)
                .skip(query.offset())
                .limit(query.limit())
                .toList();
        return new SearchResult(page, total, List.copyOf(strategies), coverage, tookMs);
    }

    /** The memories themselves, in the order of the hits; those forgotten meanwhile are left out. */
    Future<Page> whole(List<SearchHit> hits) {
        return fetch(hits.stream().map(SearchHit::id).toList());
    }

    /** Memories of any kind, in the order of the ids within each kind. */
    Future<Page> fetch(List<Long> ids) {
        return bus.request(Addresses.STORE_FETCH, new Fetch(What.MEMORIES, ids));
    }

    /** Rows in the order of the hits. */
    Future<List<ObjectNode>> rows(List<SearchHit> hits) {
        return rowsById(hits.stream().map(SearchHit::id).toList())
                .map(rows -> hits.stream()
                        .map(hit -> rows.get(hit.id()))
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** Rows of any kind; of what was forgotten there is none. */
    Future<Map<Long, ObjectNode>> rowsById(List<Long> ids) {
        return fetch(ids)
                .compose(page -> promptRows(page.prompts()).map(prompts -> {
                    Map<Long, ObjectNode> byId = new HashMap<>();
                    page.observations().forEach(row -> byId.put(row.id(), Rows.observation(row)));
                    page.summaries().forEach(row -> byId.put(row.id(), Rows.summary(row)));
                    prompts.forEach(row -> byId.put(row.path("id").asLong(), row));
                    return byId;
                }));
    }

    /** Prompts with their sessions' numbers. */
    Future<List<ObjectNode>> promptRows(List<Prompt> prompts) {
        Set<String> ids = prompts.stream()
                .map(Prompt::sessionId)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return numbers(ids)
                .map(numbers -> prompts.stream()
                        .map(prompt -> Rows.prompt(prompt, numbers.get(prompt.sessionId())))
                        .toList());
    }

    /** The worker's own ids of sessions, by the host's. */
    Future<Map<String, Long>> numbers(Set<String> sessionIds) {
        Map<String, Future<@Nullable Session>> asked = new LinkedHashMap<>();
        sessionIds.stream().limit(MOST_SESSIONS).forEach(id -> asked.put(id, sessions.find(id, null)));
        return Future.all(List.copyOf(asked.values())).map(all -> {
            Map<String, Long> numbers = new HashMap<>();
            asked.forEach((id, found) -> {
                Session session = found.result();
                if (session != null) {
                    numbers.put(id, session.id());
                }
            });
            return numbers;
        });
    }

    Future<@Nullable Observation> observation(long id) {
        return one(What.OBSERVATIONS, id)
                .map(page -> page.observations().isEmpty()
                        ? null
                        : page.observations().get(0));
    }

    Future<@Nullable Summary> summary(long id) {
        return one(What.SUMMARIES, id)
                .map(page ->
                        page.summaries().isEmpty() ? null : page.summaries().get(0));
    }

    Future<@Nullable Prompt> prompt(long id) {
        return one(What.PROMPTS, id)
                .map(page -> page.prompts().isEmpty() ? null : page.prompts().get(0));
    }

    private Future<Page> one(What what, long id) {
        return bus.request(Addresses.STORE_FETCH, new Fetch(what, List.of(id)));
    }

    /** What a session's user said first; null when nothing was. */
    Future<@Nullable String> firstPrompt(String session) {
        return oldest(Kind.PROMPT, session)
                .compose(row -> row == null ? Future.succeededFuture(null) : prompt(row.id()))
                .map(prompt -> prompt == null ? null : prompt.text());
    }

    /** When the first observation was made, in epoch milliseconds; null when there is none. */
    Future<@Nullable Long> firstObservation() {
        return oldest(Kind.OBSERVATION, null).map(row -> row == null ? null : (Long) row.createdAt());
    }

    /** By the store itself: figures must not wait for a search server, nor count as searches. */
    private Future<@Nullable MemoryRow> oldest(Kind kind, @Nullable String session) {
        SearchQuery query = listing(List.of(kind), null, session, 1, 0, SearchOrder.OLDEST);
        return bus.request(Addresses.STORE_SEARCH, query)
                .map(found -> found.rows().isEmpty() ? null : found.rows().get(0));
    }

    static SearchQuery listing(
            List<Kind> kinds,
            @Nullable String platform,
            @Nullable String session,
            int limit,
            int offset,
            SearchOrder order) {
        return new SearchQuery(
                null, kinds, List.of(), List.of(), null, null, platform, session, null, null, limit, offset, order,
                false);
    }

    /** Every project, the one last used first. */
    Future<Projects> projects() {
        return bus.request(Addresses.STORE_PROJECTS, Nothing.NOTHING);
    }

    /** The key of the project that is called so, the one last used of several; null when nobody knows it. */
    Future<@Nullable String> projectKey(String name) {
        return projects().map(all -> {
            String named = null;
            for (Projects.Row row : all.projects()) {
                if (row.project().key().equals(name)) {
                    return name;
                }
                if (named == null && row.project().name().equals(name)) {
                    named = row.project().key();
                }
            }
            return named;
        });
    }
}

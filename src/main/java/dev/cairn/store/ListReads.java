package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Recent;
import dev.cairn.bus.RecentQuery;
import dev.cairn.bus.What;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pages of rows, rows by id, and the newest rows of a project. */
final class ListReads {
    private static final int MAX_PAGE = 100;
    private static final int MAX_FETCH = 1_000;
    private static final int MAX_RECENT = 1_000;

    /** A row with its place in the order. */
    private record Item(Object value, long at, long id) {}

    private final Reads reads;
    private final Filters filters;

    ListReads(Reads reads, Filters filters) {
        this.reads = reads;
        this.filters = filters;
    }

    Future<Page> page(PageQuery query) {
        if (query.limit() < 1 || query.limit() > MAX_PAGE) {
            throw CairnException.invalid("limit", "limit must be 1 to " + MAX_PAGE + ", not " + query.limit());
        }
        if (query.what() == What.MEMORIES) {
            throw CairnException.invalid("what", "memories of all kinds are listed by a search without words");
        }
        Cursor cursor = query.cursor() == null ? null : Cursor.parse(query.cursor());
        return filters.sessions(query.session()).compose(sessions -> {
            List<Long> projects = filters.projects(query.project());
            if ((projects != null && projects.isEmpty()) || (sessions != null && sessions.isEmpty())) {
                return Future.succeededFuture(pageOf(List.of(), null));
            }
            Sql sql = pageSql(query, projects, sessions, cursor);
            return reads.all(sql, row -> item(query.what(), row)).map(items -> {
                boolean more = items.size() > query.limit();
                List<Item> shown = more ? items.subList(0, query.limit()) : items;
                Item last = more ? shown.get(shown.size() - 1) : null;
                return pageOf(shown, last == null ? null : new Cursor(last.at(), last.id()).toString());
            });
        });
    }

    /** The statement of a page; it asks for one row more, to know whether there is a next page. */
    static Sql pageSql(
            PageQuery query, @Nullable List<Long> projects, @Nullable List<Long> sessions, @Nullable Cursor cursor) {
        Table table = Table.of(query.what());
        Sql sql = new Sql().add(table.select(projects != null && sessions == null) + " WHERE 1");
        if (table.kind != 0) {
            sql.add(" AND m.kind = ?", table.kind);
        }
        if (projects != null) {
            sql.add(" AND ").in(table.alias + ".project_id", projects);
        }
        if (sessions != null) {
            sql.add(" AND ").in(table.alias + table.session, sessions);
        }
        if (query.toolUseId() != null && query.what() == What.TOOL_USES) {
            sql.add(" AND u.tool_use_id = ?", query.toolUseId());
        }
        if (query.observation() != null && query.what() == What.TOOL_USES) {
            sql.add(" AND u.observation_id = ?", query.observation());
        }
        if (query.platform() != null) {
            sql.add(" AND " + table.platform + " = ?", query.platform());
        }
        if (query.from() != null) {
            sql.add(" AND " + table.time() + " >= ?", query.from());
        }
        if (query.to() != null) {
            sql.add(" AND " + table.time() + " <= ?", query.to());
        }
        if (cursor != null) {
            sql.add(" AND (" + table.time() + ", " + table.alias + ".id) < (?, ?)", cursor.at(), cursor.id());
        }
        return sql.add(" ORDER BY " + table.time() + " DESC, " + table.alias + ".id DESC LIMIT ?", query.limit() + 1);
    }

    Future<Page> fetch(Fetch fetch) {
        if (fetch.ids().size() > MAX_FETCH) {
            throw CairnException.invalid("ids", "ids has more than " + MAX_FETCH + " items; ask for fewer at once");
        }
        return reads.all(fetchSql(fetch), row -> item(fetch.what(), row)).map(items -> {
            Map<Long, Item> byId = new HashMap<>();
            items.forEach(item -> byId.put(item.id(), item));
            List<Item> inOrder = new ArrayList<>();
            for (long id : fetch.ids()) {
                Item item = byId.remove(id);
                if (item != null) {
                    inOrder.add(item);
                }
            }
            return pageOf(inOrder, null);
        });
    }

    static Sql fetchSql(Fetch fetch) {
        Table table = Table.of(fetch.what());
        Sql sql = new Sql()
                .add(
                        table.select + " WHERE " + table.alias + ".id IN (SELECT value FROM json_each(?))",
                        WireFormat.encode(fetch.ids()));
        return table.kind == 0 ? sql : sql.add(" AND +m.kind = ?", table.kind);
    }

    Future<Recent> recent(RecentQuery query) {
        count(query.summaries(), "summaries");
        count(query.observations(), "observations");
        List<Long> projects = filters.projects(query.project());
        if (projects == null || projects.isEmpty()) {
            return Future.succeededFuture(new Recent(List.of(), List.of()));
        }
        return reads.all(recentSql(projects, query.summaries(), query.observations()), MemoryColumns::new)
                .map(rows -> new Recent(
                        rows.stream()
                                .filter(row -> row.kind() == Kind.SUMMARY)
                                .map(MemoryColumns::summary)
                                .toList(),
                        rows.stream()
                                .filter(row -> row.kind() == Kind.OBSERVATION)
                                .map(MemoryColumns::observation)
                                .toList()));
    }

    static Sql recentSql(List<Long> projects, int summaries, int observations) {
        Sql sql = new Sql().add("SELECT * FROM (");
        newest(sql, projects, Kinds.SUMMARY, summaries);
        sql.add(") UNION ALL SELECT * FROM (");
        newest(sql, projects, Kinds.OBSERVATION, observations);
        return sql.add(")");
    }

    private static void newest(Sql sql, List<Long> projects, int kind, int limit) {
        sql.add(Table.OBSERVATIONS.select + " WHERE ")
                .in("m.project_id", projects)
                .add(" AND m.kind = ? ORDER BY m.created_at DESC, m.id DESC LIMIT ?", kind, limit);
    }

    private static void count(int count, String field) {
        if (count < 0 || count > MAX_RECENT) {
            throw CairnException.invalid(field, field + " must be 0 to " + MAX_RECENT + ", not " + count);
        }
    }

    private static Item item(What what, JsonNode row) {
        switch (what) {
            case SESSIONS -> {
                Session session = session(row);
                return new Item(session, session.startedAt(), session.id());
            }
            case TOOL_USES -> {
                ToolUse use = ToolUseColumns.read(row);
                return new Item(use, use.createdAt(), use.id());
            }
            default -> {
                MemoryColumns memory = new MemoryColumns(row);
                Object value = switch (memory.kind()) {
                    case OBSERVATION -> memory.observation();
                    case SUMMARY -> memory.summary();
                    case PROMPT -> memory.prompt();
                };
                return new Item(value, memory.createdAt(), memory.id());
            }
        }
    }

    private static Session session(JsonNode row) {
        return new Session(
                row.get(0).asLong(),
                row.get(1).asText(),
                row.get(2).asText(),
                new Project(row.get(3).asText(), row.get(4).asText()),
                Json.text(row.get(5)),
                row.get(6).asLong(),
                Json.number(row.get(7)),
                Json.text(row.get(8)),
                row.get(9).asInt(),
                row.get(10).asInt());
    }

    private static Page pageOf(List<Item> items, @Nullable String next) {
        return new Page(
                of(Session.class, items),
                of(Prompt.class, items),
                of(ToolUse.class, items),
                of(Observation.class, items),
                of(Summary.class, items),
                next);
    }

    private static <T> List<T> of(Class<T> type, List<Item> items) {
        return items.stream()
                .map(Item::value)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}

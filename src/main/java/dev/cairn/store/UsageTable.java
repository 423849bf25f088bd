package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.Spent;
import dev.cairn.bus.SpentQuery;
import dev.cairn.bus.UsageEntry;
import dev.cairn.bus.UsageQuery;
import dev.cairn.bus.UsageReport;
import dev.cairn.bus.UsageSum;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What models used, as sums of days. Names of projects and sessions stand in their own rows: when those are forgotten the sums
 * stay, and belong to nobody.
 */
final class UsageTable {
    private static final long DAY_MS = 86_400_000;
    /** So long sums are kept: a year and what it takes to look back on it. */
    static final int KEPT_DAYS = 400;

    private static final String SUMS = "json_array(ifnull(sum(u.calls), 0), ifnull(sum(u.failures), 0),"
            + " ifnull(sum(u.input_tokens), 0), ifnull(sum(u.output_tokens), 0), ifnull(sum(u.cache_read_tokens), 0),"
            + " ifnull(sum(u.cache_write_tokens), 0), ifnull(sum(u.cost_micros), 0), ifnull(sum(u.unpriced_calls), 0))";

    static final String ADD =
            "UPDATE model_usage SET calls = calls + 1, failures = failures + ?, input_tokens = input_tokens + ?,"
                    + " output_tokens = output_tokens + ?, cache_read_tokens = cache_read_tokens + ?,"
                    + " cache_write_tokens = cache_write_tokens + ?, cost_micros = cost_micros + ?,"
                    + " unpriced_calls = unpriced_calls + ?"
                    + " WHERE day = ? AND session_id IS ? AND project_id IS ? AND provider = ? AND model = ?";

    /** What rows are told apart by, in which order they stand, and what is shown of it. */
    private enum Group {
        DAY("u.day", "u.day DESC", Map.of("day", "date(u.day * 86400, 'unixepoch')")),
        PROVIDER("u.provider", "u.provider", Map.of("provider", "u.provider")),
        MODEL("u.model", "u.model", Map.of("model", "u.model")),
        PROJECT("u.project_id", "p.key IS NULL, p.key", Map.of("project", "p.key", "projectName", "p.name")),
        SESSION("u.session_id", "s.session_id IS NULL, s.session_id, s.id", Map.of("session", "s.session_id"));

        private final String by;
        private final String order;
        /** In the order of the names; never changed. */
        @SuppressWarnings("ImmutableEnumChecker")
        private final Map<String, String> columns;

        Group(String by, String order, Map<String, String> columns) {
            this.by = by;
            this.order = order;
            this.columns = Collections.unmodifiableMap(new TreeMap<>(columns));
        }

        static Group of(String name) {
            int place = UsageQuery.GROUPS.indexOf(name);
            if (place < 0) {
                throw CairnException.invalid(
                        "by",
                        "by must be of " + String.join(", ", UsageQuery.GROUPS) + ", not '" + Parameters.shown(name)
                                + "'");
            }
            return values()[place];
        }
    }

    private final Reads reads;
    private final Filters filters;

    UsageTable(Reads reads, Filters filters) {
        this.reads = reads;
        this.filters = filters;
    }

    /** Adds it to the sums of its day. A project or a session that is not there, or no more, is not made. */
    static Command<Nothing> add(UsageEntry entry) {
        check(entry);
        return tx -> {
            Long project = tx.first(
                    "SELECT id FROM project WHERE key = ?",
                    row -> row.getLong(1),
                    entry.project().key());
            Long session = tx.first(
                    "SELECT id FROM session WHERE session_id = ? AND platform = ?",
                    row -> row.getLong(1),
                    entry.sessionId(),
                    entry.platform());
            long day = day(entry.at());
            if (add(tx, entry, day, project, session) == 0) {
                tx.update("DELETE FROM model_usage WHERE day < ?", day - KEPT_DAYS);
                tx.update(
                        "INSERT INTO model_usage (day, provider, model, project_id, session_id) VALUES (?, ?, ?, ?, ?)",
                        day,
                        entry.provider(),
                        entry.model(),
                        project,
                        session);
                add(tx, entry, day, project, session);
            }
            return Nothing.NOTHING;
        };
    }

    private static int add(Transaction tx, UsageEntry entry, long day, @Nullable Long project, @Nullable Long session)
            throws SQLException {
        Long cost = entry.costMicros();
        return tx.update(
                ADD,
                entry.failed() ? 1 : 0,
                entry.inputTokens(),
                entry.outputTokens(),
                entry.cacheReadTokens(),
                entry.cacheWriteTokens(),
                cost == null ? 0 : cost,
                cost == null ? 1 : 0,
                day,
                session,
                project,
                entry.provider(),
                entry.model());
    }

    private static void check(UsageEntry entry) {
        positive(entry.inputTokens(), "inputTokens");
        positive(entry.outputTokens(), "outputTokens");
        positive(entry.cacheReadTokens(), "cacheReadTokens");
        positive(entry.cacheWriteTokens(), "cacheWriteTokens");
        positive(entry.costMicros() == null ? 0 : entry.costMicros(), "costMicros");
        positive(entry.at(), "at");
    }

    private static void positive(long number, String field) {
        if (number < 0) {
            throw CairnException.invalid(field, field + " must be 0 or more, not " + number);
        }
    }

    private static long day(long at) {
        return Math.floorDiv(at, DAY_MS);
    }

    Future<Spent> spent(SpentQuery query) {
        return reads.all(spentSql(query), row -> new Spent(sum(row.get(0)), sum(row.get(1))))
                .map(rows -> rows.get(0));
    }

    static Sql spentSql(SpentQuery query) {
        return new Sql()
                .add(
                        "SELECT json_array(json((SELECT " + SUMS + " FROM model_usage u WHERE u.day >= ?)),",
                        day(query.dayStart()))
                .add(" json((SELECT " + SUMS + " FROM model_usage u WHERE u.session_id = (SELECT id FROM session")
                .add(" WHERE session_id = ? AND platform = ?))))", query.sessionId(), query.platform());
    }

    /** @throws CairnException INVALID_ARGUMENT for a group that is not there, or more groups than are told */
    Future<UsageReport> report(UsageQuery query) {
        // As the enum has them, each once.
        Set<Group> by = EnumSet.noneOf(Group.class);
        query.by().forEach(name -> by.add(Group.of(name)));
        if (query.from() != null && query.to() != null && query.from() > query.to()) {
            throw CairnException.invalid("from", "from is after to; swap them");
        }
        List<Long> projects = filters.projects(query.project());
        if (projects != null && projects.isEmpty()) {
            return Future.succeededFuture(new UsageReport(UsageSum.NONE, List.of()));
        }
        return reads.all(reportSql(query, projects, by), row -> item(row, by)).map(items -> {
            if (items.size() > UsageQuery.MAX_GROUPS) {
                throw CairnException.invalid(
                        "by",
                        "there are more than " + UsageQuery.MAX_GROUPS
                                + " groups; tell fewer apart, or give a later from or an earlier to");
            }
            UsageSum total = items.stream().map(UsageReport.Item::used).reduce(UsageSum.NONE, UsageTable::plus);
            return new UsageReport(total, by.isEmpty() ? List.of() : items);
        });
    }

    private static Sql reportSql(UsageQuery query, @Nullable List<Long> projects, Set<Group> groups) {
        List<String> columns = new ArrayList<>();
        groups.forEach(group -> columns.addAll(group.columns.values()));
        columns.add("json(" + SUMS + ")");
        Sql sql = new Sql()
                .add(
                        "SELECT json_array(" + String.join(", ", columns) + ") FROM model_usage u"
                                + " LEFT JOIN project p ON p.id = u.project_id LEFT JOIN session s ON s.id = u.session_id WHERE 1");
        if (query.from() != null) {
            sql.add(" AND u.day >= ?", day(query.from()));
        }
        if (query.to() != null) {
            sql.add(" AND u.day <= ?", day(query.to() - 1));
        }
        if (query.provider() != null) {
            sql.add(" AND u.provider = ?", query.provider());
        }
        if (projects != null) {
            sql.add(" AND ").in("u.project_id", projects);
        }
        if (!groups.isEmpty()) {
            sql.add(" GROUP BY "
                    + String.join(", ", groups.stream().map(group -> group.by).toList())
                    + " ORDER BY "
                    + String.join(
                            ", ", groups.stream().map(group -> group.order).toList()));
        }
        return sql.add(" LIMIT ?", UsageQuery.MAX_GROUPS + 1);
    }

    private static UsageReport.Item item(JsonNode row, Set<Group> by) {
        Map<String, String> values = new LinkedHashMap<>();
        int column = 0;
        for (Group group : by) {
            for (String name : group.columns.keySet()) {
                String value = Json.text(row.get(column++));
                if (value != null) {
                    values.put(name, value);
                }
            }
        }
        return new UsageReport.Item(values, sum(row.get(column)));
    }

    private static UsageSum sum(JsonNode row) {
        return new UsageSum(
                row.get(0).asLong(),
                row.get(1).asLong(),
                row.get(2).asLong(),
                row.get(3).asLong(),
                row.get(4).asLong(),
                row.get(5).asLong(),
                row.get(6).asLong(),
                row.get(7).asLong());
    }

    private static UsageSum plus(UsageSum one, UsageSum other) {
        return new UsageSum(
                one.calls() + other.calls(),
                one.failures() + other.failures(),
                one.inputTokens() + other.inputTokens(),
                one.outputTokens() + other.outputTokens(),
                one.cacheReadTokens() + other.cacheReadTokens(),
                one.cacheWriteTokens() + other.cacheWriteTokens(),
                one.costMicros() + other.costMicros(),
                one.unpricedCalls() + other.unpricedCalls());
    }
}

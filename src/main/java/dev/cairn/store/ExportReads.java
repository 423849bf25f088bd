package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Pages of an export: section by section, each by its row's id. A page has no more lines than asked for and, but for one long
 * line, no more than about a mebibyte of text; first only sizes are read, which costs no text.
 */
final class ExportReads {
    private static final long PAGE_BYTES = 1024 * 1024;

    private static final String MEMORY_BYTES = """
            ifnull(octet_length(m.title), 0) + ifnull(octet_length(m.subtitle), 0) + ifnull(octet_length(m.text), 0)
             + ifnull(octet_length(m.facts), 0) + ifnull(octet_length(m.concepts), 0)
             + ifnull(octet_length(m.files_read), 0) + ifnull(octet_length(m.files_modified), 0)
             + ifnull(octet_length(m.commands), 0) + ifnull(octet_length(m.request), 0)
             + ifnull(octet_length(m.investigated), 0) + ifnull(octet_length(m.learned), 0)
             + ifnull(octet_length(m.completed), 0) + ifnull(octet_length(m.next_steps), 0)
             + ifnull(octet_length(m.notes), 0)""";

    private static final String TOOL_USE_BYTES =
            "ifnull(octet_length(u.input), 0) + ifnull(octet_length(u.response), 0) + ifnull(octet_length(u.error), 0)";

    /** A part of an export: how its rows are found, how large they are, and what is read of them. */
    private record Section(
            String id,
            String from,
            String bytes,
            Function<ExportCursor, Long> end,
            Function<ExportScope, Sql> scope,
            Rows rows) {}

    /** What is read of the rows behind {@code FROM}, and how a line is made of one. */
    private interface Rows {
        Sql columns(ExportScope scope, ExportCursor at);

        ExportLine line(JsonNode row);
    }

    private static final List<Section> ALL = List.of(
            new Section(
                    "s.id",
                    "session s",
                    "0",
                    ExportCursor::sessions,
                    ExportScope::sessionRows,
                    rows(ExportRows.SESSION, ExportRows::session)),
            new Section(
                    "t.id",
                    "turn t",
                    "0",
                    ExportCursor::turns,
                    ExportScope::turnRows,
                    rows(ExportRows.TURN, ExportRows::turn)),
            new Section(
                    "m.id",
                    "memory m",
                    MEMORY_BYTES,
                    ExportCursor::memories,
                    scope -> scope.memories("m"),
                    rows(scope -> ExportRows.memories(scope.memories("e")), ExportRows::memory)),
            new Section(
                    "u.id",
                    "tool_use u",
                    TOOL_USE_BYTES,
                    ExportCursor::toolUses,
                    scope -> scope.toolUses("u"),
                    new Rows() {
                        @Override
                        public Sql columns(ExportScope scope, ExportCursor at) {
                            return ExportRows.toolUses(scope.memories("o"), at.memories());
                        }

                        @Override
                        public ExportLine line(JsonNode row) {
                            return ExportRows.toolUse(row);
                        }
                    }),
            new Section(
                    "n.id",
                    "turn_note n CROSS JOIN turn t ON t.id = n.turn_id",
                    "ifnull(octet_length(n.text), 0)",
                    ExportCursor::notes,
                    ExportScope::notes,
                    rows(ExportRows.NOTE, ExportRows::note)));

    static final int SECTIONS = ALL.size() + 1;

    private static Rows rows(String columns, Function<JsonNode, ExportLine> line) {
        return rows(scope -> new Sql().add(columns), line);
    }

    private static Rows rows(Function<ExportScope, Sql> columns, Function<JsonNode, ExportLine> line) {
        return new Rows() {
            @Override
            public Sql columns(ExportScope scope, ExportCursor at) {
                return columns.apply(scope);
            }

            @Override
            public ExportLine line(JsonNode row) {
                return line.apply(row);
            }
        };
    }

    private final Reads reads;
    private final Filters filters;

    ExportReads(Reads reads, Filters filters) {
        this.reads = reads;
        this.filters = filters;
    }

    Future<ExportPage> page(ExportQuery query) {
        if (query.limit() < 1 || query.limit() > ExportQuery.MAX_LINES) {
            throw CairnException.invalid(
                    "limit", "limit must be 1 to " + ExportQuery.MAX_LINES + ", not " + query.limit());
        }
        if (query.from() != null && query.to() != null && query.from() > query.to()) {
            throw CairnException.invalid("from", "from is after to; swap them");
        }
        ExportCursor cursor = query.cursor() == null ? null : ExportCursor.parse(query.cursor());
        return filters.sessions(query.session()).compose(sessions -> {
            ExportScope scope = new ExportScope(
                    filters.projects(query.project()), sessions, query.from(), query.to(), query.platform());
            Page page = new Page(query.limit(), scope);
            if (cursor != null) {
                return page.from(cursor);
            }
            page.add(ExportFormat.header(), 0);
            return begin().compose(page::from);
        });
    }

    /** What there is now. */
    private Future<ExportCursor> begin() {
        Sql newest = new Sql()
                .add(
                        "SELECT json_array((SELECT ifnull(max(id), 0) FROM session), (SELECT ifnull(max(id), 0) FROM turn),"
                                + " (SELECT ifnull(max(id), 0) FROM memory), (SELECT ifnull(max(id), 0) FROM tool_use),"
                                + " (SELECT ifnull(max(id), 0) FROM turn_note))");
        return reads.all(
                        newest,
                        row -> new ExportCursor(
                                0,
                                0,
                                row.get(0).asLong(),
                                row.get(1).asLong(),
                                row.get(2).asLong(),
                                row.get(3).asLong(),
                                row.get(4).asLong()))
                .map(rows -> rows.get(0));
    }

    /** Ids of the next rows with the bytes of their texts. */
    static Sql sizes(int section, ExportScope scope, ExportCursor at, int limit) {
        Section of = ALL.get(section);
        return new Sql()
                .add("SELECT json_array(" + of.id() + ", " + of.bytes() + ") FROM " + of.from())
                .add(
                        " WHERE " + of.id() + " > ? AND " + of.id() + " <= ?",
                        at.last(),
                        of.end().apply(at))
                .add(of.scope().apply(scope))
                .add(" ORDER BY " + of.id() + " LIMIT ?", limit);
    }

    /** The rows up to this one. */
    static Sql rows(int section, ExportScope scope, ExportCursor at, long upTo) {
        Section of = ALL.get(section);
        return new Sql()
                .add(of.rows().columns(scope, at))
                .add(" WHERE " + of.id() + " > ? AND " + of.id() + " <= ?", at.last(), upTo)
                .add(of.scope().apply(scope))
                .add(" ORDER BY " + of.id());
    }

    /** A page in the making. */
    private final class Page {
        private final int limit;
        private final ExportScope scope;
        private final List<String> lines = new ArrayList<>();
        private long bytes;

        Page(int limit, ExportScope scope) {
            this.limit = limit;
            this.scope = scope;
        }

        void add(String line, long size) {
            lines.add(line);
            bytes += size;
        }

        Future<ExportPage> from(ExportCursor at) {
            if (lines.size() >= limit || bytes >= PAGE_BYTES) {
                return Future.succeededFuture(new ExportPage(lines, at.toString()));
            }
            if (at.section() == ALL.size()) {
                add(ExportFormat.write(new ExportLine.End(ExportLine.End.NAME)), 0);
                return Future.succeededFuture(new ExportPage(lines, null));
            }
            if (scope.fitsNothing()) {
                return from(at.nextSection());
            }
            int room = limit - lines.size();
            return reads.all(sizes(at.section(), scope, at, room), row ->
                            new long[] {row.get(0).asLong(), row.get(1).asLong()})
                    .compose(sizes -> {
                        Long upTo = null;
                        int taken = 0;
                        long size = 0;
                        while (taken < sizes.size() && (bytes + size < PAGE_BYTES)) {
                            upTo = sizes.get(taken)[0];
                            size += sizes.get(taken)[1];
                            taken++;
                        }
                        boolean last = taken == sizes.size() && taken < room;
                        return upTo == null ? from(at.nextSection()) : take(at, upTo, size, last);
                    });
        }

        private Future<ExportPage> take(ExportCursor at, long upTo, long size, boolean last) {
            Rows rows = ALL.get(at.section()).rows();
            return reads.all(rows(at.section(), scope, at, upTo), row -> ExportFormat.write(rows.line(row)))
                    .compose(read -> {
                        lines.addAll(read);
                        bytes += size;
                        return from(last ? at.nextSection() : at.after(upTo));
                    });
        }
    }
}

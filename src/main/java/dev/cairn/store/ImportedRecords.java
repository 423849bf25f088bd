package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ImportedQuery;
import dev.cairn.bus.ImportedRows;
import dev.cairn.bus.Origin;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was imported from other memories, by what they call it. Of what was forgotten since the name stays, so that the same
 * import again does not bring it back.
 */
final class ImportedRecords {
    /** What {@code memory m} is called elsewhere, as an expression; null for most. */
    static final String OF_MEMORY = source("memory_id", "m.id");

    static final String OF_TOOL_USE = source("tool_use_id", "u.id");
    static final String OF_SESSION = source("session_id", "s.id");

    private static final int MAX_SHOWN = 60;

    private final Reads reads;

    ImportedRecords(Reads reads) {
        this.reads = reads;
    }

    private static String source(String column, String id) {
        return "(SELECT i.memory || ':' || i.kind || ':' || i.id FROM imported i WHERE i." + column + " = " + id
                + " ORDER BY i.memory, i.kind, i.id, i.created_at LIMIT 1)";
    }

    Future<ImportedRows> find(ImportedQuery query) {
        if (query.origins().isEmpty() || query.origins().size() > ImportedQuery.MAX_ORIGINS) {
            throw CairnException.invalid(
                    "origins",
                    "origins must hold 1 to " + ImportedQuery.MAX_ORIGINS + ", not "
                            + query.origins().size());
        }
        return reads.all(
                        sql(query.origins().stream().map(ImportedRecords::parse).toList()), ImportedRecords::row)
                .map(ImportedRows::new);
    }

    static Sql sql(List<Origin> origins) {
        return new Sql()
                .add(
                        "SELECT json_array(i.memory, i.kind, i.id, coalesce(i.session_id, i.memory_id, i.tool_use_id),"
                                + " i.created_at) FROM json_each(?) wanted CROSS JOIN imported i"
                                + " ON i.memory = wanted.value ->> 'memory' AND i.kind = wanted.value ->> 'kind'"
                                + " AND i.id = wanted.value ->> 'id'",
                        WireFormat.encode(origins))
                .add(" ORDER BY wanted.key, i.created_at");
    }

    private static Origin parse(String text) {
        Origin origin = Origin.parse(text);
        if (origin == null) {
            String shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "\u2026" : text;
            throw CairnException.invalid(
                    "id", "'" + shown + "' names no record; write claude-mem:observation:12, or claude-mem:12");
        }
        return origin;
    }

    private static ImportedRows.Row row(JsonNode row) {
        Origin origin =
                new Origin(row.get(0).asText(), row.get(1).asText(), row.get(2).asText());
        return new ImportedRows.Row(
                origin.toString(),
                origin.kind(),
                Json.number(row.get(3)),
                row.get(4).asLong());
    }

    /** Whether it was imported before, be it forgotten since. */
    static boolean isKnown(Transaction tx, @Nullable String source, long createdAt) throws SQLException {
        Origin origin = source == null ? null : Origin.read(source);
        return origin != null
                && tx.number(
                                "SELECT 1 FROM imported WHERE memory = ? AND kind = ? AND id = ? AND created_at = ?",
                                origin.memory(),
                                origin.kind(),
                                origin.id(),
                                createdAt)
                        != 0;
    }

    /** Notes what the record is called elsewhere; nothing when it came from nowhere else. */
    static void note(Transaction tx, @Nullable String source, long createdAt, long id) throws SQLException {
        Origin origin = source == null ? null : Origin.read(source);
        if (origin != null) {
            String column = switch (origin.kind()) {
                case Origin.SESSION -> "session_id";
                case Origin.TOOL_USE -> "tool_use_id";
                default -> "memory_id";
            };
            tx.update(
                    "INSERT OR IGNORE INTO imported (memory, kind, id, created_at, " + column
                            + ") VALUES (?, ?, ?, ?, ?)",
                    origin.memory(),
                    origin.kind(),
                    origin.id(),
                    createdAt,
                    id);
        }
    }
}

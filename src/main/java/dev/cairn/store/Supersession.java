package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportLine.CorrectedKey;
import dev.cairn.model.Correction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which observation corrects which. A correction is always stored later than what it corrects, so ids only rise along a chain
 * of them, and each chain has an end. That end is what is shown.
 */
final class Supersession {
    /** Begin of a text from which its title can be made. */
    private static final int BEGIN = 400;

    private static final int DIGEST_BYTES = 8;

    /** What corrects {@code memory m}, for {@code json_array}; null for most, at the price of one look by the primary key. */
    static final String COLUMN = "json(CASE WHEN EXISTS (SELECT 1 FROM supersession WHERE earlier = m.id) THEN"
            + " (SELECT json_array(l.id, l.title, substr(l.text, 1, " + BEGIN + "), l.type, l.created_at)"
            + " FROM memory l WHERE l.id = (WITH RECURSIVE step (id) AS (SELECT later FROM supersession"
            + " WHERE earlier = m.id UNION ALL SELECT x.later FROM step CROSS JOIN supersession x"
            + " ON x.earlier = step.id) SELECT max(id) FROM step)) END)";

    /** As the index has it; another wording would not find the index. */
    private static final String TITLE =
            "lower(replace(replace(replace(replace(%s, ' ', ''), char(9), ''), char(10), ''), char(13), ''))";

    static final String SAME_TITLE = "SELECT id, created_at FROM memory INDEXED BY memory_saved_title"
            + " WHERE project_id = ? AND " + TITLE.formatted("title") + " = " + TITLE.formatted("?")
            + " AND kind = 1 AND turn_id IS NULL AND session_id IS NULL AND title IS NOT NULL AND id < ?"
            + " ORDER BY id DESC LIMIT 1";

    /** What the privacy filter left of a title is the same for many. */
    private static final Pattern FILTERED = Pattern.compile("\\[(private]|secret:|binary, |base64)");

    private record Candidate(long id, long createdAt) {}

    private Supersession() {}

    static @Nullable Correction correction(JsonNode column) {
        if (column.isNull()) {
            return null;
        }
        String type = Json.text(column.get(3));
        String title = Titles.of(Json.text(column.get(1)), Json.text(column.get(2)), type == null ? "note" : type);
        return new Correction(column.get(0).asLong(), title, column.get(4).asLong());
    }

    /** What {@code memory m} corrects, as a JSON array; see {@link #keys}. */
    static Sql corrected(Sql conditions) {
        return new Sql()
                .add("SELECT json_group_array(json_array(e.id, ep.key, e.created_at, e.title, e.type, e.text)"
                        + " ORDER BY e.id) FROM supersession x CROSS JOIN memory e ON e.id = x.earlier"
                        + " CROSS JOIN project ep ON ep.id = e.project_id WHERE x.later = m.id")
                .add(conditions);
    }

    static List<CorrectedKey> keys(JsonNode column) {
        List<CorrectedKey> keys = new ArrayList<>(column.size());
        for (JsonNode row : column) {
            keys.add(new CorrectedKey(
                    row.get(0).asLong(),
                    row.get(1).asText(),
                    row.get(2).asLong(),
                    Json.text(row.get(3)),
                    digest(Json.text(row.get(4)), Json.text(row.get(5)))));
        }
        return keys;
    }

    /** The observation of a key; of several that are alike, the one with its id. Null when there is none. */
    static @Nullable Long find(Transaction tx, CorrectedKey key) throws SQLException {
        record Alike(long id, String digest) {}
        List<Long> found = tx
                .all(
                        "SELECT m.id, m.type, m.text FROM project p CROSS JOIN memory m INDEXED BY memory_by_project_kind"
                                + " ON m.project_id = p.id WHERE p.key = ? AND m.kind = 1 AND m.created_at = ?"
                                + " AND m.title IS ? ORDER BY m.id",
                        row -> new Alike(row.getLong(1), digest(row.getString(2), row.getString(3))),
                        key.project(),
                        key.createdAt(),
                        key.title())
                .stream()
                .filter(each -> each.digest().equals(key.digest()))
                .map(Alike::id)
                .toList();
        return found.contains(key.id()) ? (Long) key.id() : found.isEmpty() ? null : found.get(0);
    }

    private static String digest(@Nullable String type, @Nullable String text) {
        byte[] digest = NoteDigest.of(String.valueOf(type), null, text);
        return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    }

    /** Of several corrections of one observation the last one counts. */
    static void link(Transaction tx, long earlier, long later) throws SQLException {
        tx.update(
                "INSERT INTO supersession (earlier, later) VALUES (?, ?)"
                        + " ON CONFLICT (earlier) DO UPDATE SET later = max(later, excluded.later)",
                earlier,
                later);
    }

    /** The first id that is no observation's; null when all are. */
    static @Nullable Long unknown(Transaction tx, List<Long> ids) throws SQLException {
        for (Long id : ids) {
            if (tx.number("SELECT 1 FROM memory WHERE id = ? AND kind = 1", id) == 0) {
                return id;
            }
        }
        return null;
    }

    /**
     * A note corrects the newest one of its project before it that has its title. Both were saved by hand and outside of
     * sessions: titles that an observer makes, and those of what was said in a conversation, are too alike to tell anything.
     *
     * @param before the first id of what is saved together, of which nothing corrects anything else
     */
    static void linkByTitle(Transaction tx, long later, long projectId, String title, long createdAt, long before)
            throws SQLException {
        if (FILTERED.matcher(title).find()) {
            return;
        }
        Candidate newest =
                tx.first(SAME_TITLE, row -> new Candidate(row.getLong(1), row.getLong(2)), projectId, title, before);
        if (newest != null && newest.createdAt() <= createdAt) {
            tx.update("INSERT OR IGNORE INTO supersession (earlier, later) VALUES (?, ?)", newest.id(), later);
        }
    }

    /**
     * Before memories go: what one of them corrects is corrected by the next in the chain. Their own rows go with them.
     *
     * @param ids a JSON array
     */
    static void forgetting(Transaction tx, String ids) throws SQLException {
        tx.update(
                "INSERT OR REPLACE INTO supersession (earlier, later) WITH RECURSIVE"
                        + " gone (id) AS MATERIALIZED (SELECT value FROM json_each(?)),"
                        + " chain (earlier, later) AS (SELECT earlier, later FROM supersession"
                        + " WHERE later IN (SELECT id FROM gone) AND earlier NOT IN (SELECT id FROM gone)"
                        + " UNION ALL SELECT c.earlier, x.later FROM chain c CROSS JOIN supersession x"
                        + " ON x.earlier = c.later WHERE c.later IN (SELECT id FROM gone))"
                        + " SELECT earlier, later FROM chain WHERE later NOT IN (SELECT id FROM gone)",
                ids);
    }
}

package dev.cairn.store;

import dev.cairn.bus.MemoryIds;
import dev.cairn.bus.SessionMemories;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Which memories each session was told of. Forgotten with the session and with the memory. */
final class Told {
    /** A session that was told of so many is told of no more. */
    static final int MAX_OF_SESSION = 1_000;

    private static final String TELL = "INSERT INTO told (session_id, memory_id) SELECT s.id, m.id FROM session s"
            + " CROSS JOIN json_each(?) wanted CROSS JOIN memory m ON m.id = wanted.value"
            + " WHERE s.session_id = ? AND s.platform = ?"
            + " AND (SELECT count(*) FROM told t WHERE t.session_id = s.id) < " + MAX_OF_SESSION
            + " ON CONFLICT DO NOTHING RETURNING memory_id";

    private final Reads reads;
    private final Writer writer;

    Told(Reads reads, Writer writer) {
        this.reads = reads;
        this.writer = writer;
    }

    Future<MemoryIds> untold(SessionMemories request) {
        check(request);
        return reads.all(sql(request), row -> row.get(0).asLong()).map(MemoryIds::new);
    }

    static Sql sql(SessionMemories request) {
        return new Sql()
                .add("SELECT json_array(m.id) FROM json_each(?) wanted", WireFormat.encode(request.ids()))
                .add(" CROSS JOIN memory m ON m.id = wanted.value")
                .add(
                        " LEFT JOIN session s ON s.session_id = ? AND s.platform = ?",
                        request.sessionId(),
                        request.platform())
                .add(" WHERE (s.id IS NULL OR m.session_id IS NOT s.id)")
                .add(" AND NOT EXISTS (SELECT 1 FROM told t WHERE t.session_id = s.id AND t.memory_id = m.id)")
                .add(" ORDER BY wanted.key");
    }

    Future<MemoryIds> tell(SessionMemories request) {
        check(request);
        return writer.submit(tx -> tell(tx, request));
    }

    private static MemoryIds tell(Transaction tx, SessionMemories request) throws SQLException {
        Set<Long> told = new HashSet<>(tx.all(
                TELL,
                row -> row.getLong(1),
                WireFormat.encode(request.ids()),
                request.sessionId(),
                request.platform()));
        return new MemoryIds(request.ids().stream().filter(told::contains).toList());
    }

    private static void check(SessionMemories request) {
        if (request.ids().size() > SessionMemories.MAX_IDS) {
            throw CairnException.invalid(
                    "ids", "ids has more than " + SessionMemories.MAX_IDS + " items; give fewer at once");
        }
    }
}

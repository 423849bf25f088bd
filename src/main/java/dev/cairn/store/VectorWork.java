package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorDone;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.VectorReset;
import dev.cairn.bus.VectorStats;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the vector index has, and what it lacks: the watermark of each memory.
 *
 * <p>A document is noted as on its way before it is handed over. So whatever the index may hold has a row here, and a memory
 * that is forgotten meanwhile, even by a run that crashed, leaves a deletion behind.
 */
final class VectorWork {
    static final int SENT = 1;
    static final int DONE = 2;
    static final int STALE = 3;
    static final int PARKED = 4;
    static final int GONE = 5;

    private static final String STATS = "SELECT json_array((SELECT collection FROM vector_index),"
            + " (SELECT count(*) FROM vector_sync WHERE state = 2), (SELECT count(*) FROM vector_sync),"
            + " (SELECT count(*) FROM vector_sync WHERE state = 5), (SELECT count(*) FROM vector_sync WHERE state = 4))";

    private final Reads reads;
    private final Writer writer;
    private final MemoryTally tally;

    VectorWork(Reads reads, Writer writer, MemoryTally tally) {
        this.reads = reads;
        this.writer = writer;
        this.tally = tally;
    }

    Future<VectorBatch> pending(VectorPending request) {
        if (request.limit() < 1 || request.limit() > VectorPending.MAX_LIMIT) {
            throw CairnException.invalid(
                    "limit", "limit must be 1 to " + VectorPending.MAX_LIMIT + ", not " + request.limit());
        }
        Sql deletions = new Sql()
                .add(
                        "SELECT json_array(memory_id) FROM vector_sync WHERE state = 5 ORDER BY memory_id LIMIT ?",
                        request.limit());
        return reads.all(documents(request), VectorWork::unread)
                .compose(this::withContext)
                .compose(documents -> reads.all(deletions, row -> row.get(0).asLong())
                        .compose(gone -> note(new VectorBatch(documents, gone))));
    }

    /** The memories by id: those of them that have no row, or one that calls for another write. */
    static Sql documents(VectorPending request) {
        return new Sql()
                .add("SELECT json_array(" + MemoryColumns.COLUMNS
                        + ", coalesce(v.revision, 0), CASE m.kind WHEN 1 THEN " + LinkReads.PREVIOUS
                        + " END) FROM memory m")
                .add(" LEFT JOIN vector_sync v ON v.memory_id = m.id" + MemoryColumns.JOINS)
                .add(" WHERE m.id > ? AND (v.state IS NULL OR v.state IN (1, 3))", request.after())
                .add(" ORDER BY m.id LIMIT ?", request.limit());
    }

    /** @param previous the observation before it; null for none */
    private record Unread(
            MemoryRow memory, long revision, @Nullable Long previous) {}

    private static Unread unread(JsonNode row) {
        JsonNode previous = row.get(MemoryColumns.COUNT + 1);
        return new Unread(
                new MemoryColumns(row).memory(0),
                row.get(MemoryColumns.COUNT).asLong(),
                previous.isNull() ? null : previous.asLong());
    }

    /** The text of what was said just before stands behind each text: many a remark tells what it is about only with it. */
    private Future<List<VectorDocument>> withContext(List<Unread> batch) {
        List<Long> ids = batch.stream()
                .map(Unread::previous)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (ids.isEmpty()) {
            return Future.succeededFuture(
                    batch.stream().map(each -> document(each, null)).toList());
        }
        Sql before = new Sql()
                .add("SELECT json_array(" + MemoryColumns.COLUMNS + ") FROM memory m" + MemoryColumns.JOINS)
                .add(" WHERE m.id IN (SELECT value FROM json_each(?))", WireFormat.encode(ids));
        return reads.all(before, row -> new MemoryColumns(row).memory(0)).map(rows -> {
            Map<Long, MemoryRow> byId = new HashMap<>();
            rows.forEach(row -> byId.put(row.id(), row));
            return batch.stream()
                    .map(each -> document(each, each.previous() == null ? null : byId.get(each.previous())))
                    .toList();
        });
    }

    private static VectorDocument document(Unread unread, @Nullable MemoryRow previous) {
        MemoryRow memory = unread.memory();
        String text = VectorText.of(memory, previous);
        return new VectorDocument(
                memory.id(),
                unread.revision(),
                memory.kind(),
                memory.type(),
                memory.project(),
                memory.createdAt(),
                text);
    }

    /** Notes that the documents are on their way, except those that were forgotten since they were read. */
    private Future<VectorBatch> note(VectorBatch batch) {
        if (batch.documents().isEmpty()) {
            return Future.succeededFuture(batch);
        }
        String ids = WireFormat.encode(
                batch.documents().stream().map(VectorDocument::id).toList());
        return writer.submit(tx -> {
            List<Long> noted = tx.all(
                    "INSERT INTO vector_sync (memory_id, state) SELECT id, 1 FROM memory"
                            + " WHERE id IN (SELECT value FROM json_each(?))"
                            + " ON CONFLICT (memory_id) DO UPDATE SET state = 1 WHERE state IN (1, 3)"
                            + " RETURNING memory_id",
                    row -> row.getLong(1),
                    ids);
            return new VectorBatch(
                    batch.documents().stream()
                            .filter(document -> noted.contains(document.id()))
                            .toList(),
                    batch.deletions());
        });
    }

    Future<Nothing> done(VectorDone done) {
        return writer.submit(tx -> {
            for (VectorDone.Written written : done.written()) {
                tx.update(
                        "UPDATE vector_sync SET state = CASE WHEN revision = ? THEN 2 ELSE 3 END, attempts = 0"
                                + " WHERE memory_id = ? AND state <> 5",
                        written.revision(),
                        written.id());
            }
            tx.update(
                    "UPDATE vector_sync SET attempts = attempts + 1,"
                            + " state = CASE WHEN attempts + 1 >= ? THEN 4 ELSE 1 END"
                            + " WHERE memory_id IN (SELECT value FROM json_each(?)) AND state <> 5",
                    VectorDone.MAX_ATTEMPTS,
                    WireFormat.encode(done.failed()));
            tx.update(
                    "DELETE FROM vector_sync WHERE memory_id IN (SELECT value FROM json_each(?)) AND state = 5",
                    WireFormat.encode(done.deleted()));
            return Nothing.NOTHING;
        });
    }

    Future<Nothing> reset(VectorReset reset) {
        return writer.submit(tx -> {
            tx.update("DELETE FROM vector_sync");
            tx.update(
                    "INSERT INTO vector_index (id, collection) VALUES (1, ?)"
                            + " ON CONFLICT (id) DO UPDATE SET collection = excluded.collection",
                    reset.collection());
            return Nothing.NOTHING;
        });
    }

    Future<VectorStats> stats() {
        return stats(reads, tally);
    }

    /** Needs no writer: a process that only reads asks too. */
    static Future<VectorStats> stats(Reads reads, MemoryTally tally) {
        return reads.all(
                        new Sql().add(STATS),
                        row -> new VectorStats(
                                Json.text(row.get(0)),
                                row.get(1).asLong(),
                                row.get(2).asLong(),
                                tally.count(),
                                row.get(3).asLong(),
                                row.get(4).asLong()))
                .map(rows -> rows.get(0));
    }

    /** A memory's text changed: what the index has of it is out of date. */
    static void changed(Transaction tx, long memoryId) throws SQLException {
        tx.update("UPDATE vector_sync SET state = 3, revision = revision + 1 WHERE memory_id = ?", memoryId);
    }

    /** A project has another key now, which stands beside its vectors. */
    static void movedProject(Transaction tx, long projectId) throws SQLException {
        tx.update(
                "UPDATE vector_sync SET state = 3, revision = revision + 1 WHERE state <> 5 AND memory_id IN"
                        + " (SELECT id FROM memory WHERE project_id = ?)",
                projectId);
    }

    /** Memories are about to be forgotten: what stands behind them holds their words in its vector, and is written again. */
    static void forgetting(Transaction tx, String ids) throws SQLException {
        tx.update(
                "UPDATE vector_sync SET state = 3, revision = revision + 1 WHERE state <> 5 AND memory_id IN (SELECT "
                        + LinkReads.NEXT
                        + " FROM memory m WHERE m.kind = 1 AND m.id IN (SELECT value FROM json_each(?)))",
                ids);
    }

    /** Memories were forgotten: what the index has of them is to leave it. */
    static void forgotten(Transaction tx, String ids) throws SQLException {
        VectorSpaceStore.forgotten(tx, ids);
        tx.update("UPDATE vector_sync SET state = 5 WHERE memory_id IN (SELECT value FROM json_each(?))", ids);
    }
}

package dev.cairn.store;

import dev.cairn.bus.Count;
import dev.cairn.bus.DropVectors;
import dev.cairn.bus.LoadVectors;
import dev.cairn.bus.NewVectorSpace;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.ReadVectors;
import dev.cairn.bus.SaveVectors;
import dev.cairn.bus.VectorRows;
import dev.cairn.bus.VectorSpaces;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of the index that lives in the worker: the truth of it.
 *
 * <p>Read by a connection of its own on a thread of its own: vectors are binary, and a thousand of them at once, which is not what
 * the readers of memories are made for.
 */
final class VectorSpaceStore {
    /** A page of vectors is 8 MB; a disk that takes longer is not waited for. */
    private static final long MAX_READ_MS = 30_000;

    /** Deletes of a whole space come in steps, so that no other write waits for all of them. */
    private static final int DROP_STEP = 1_000;

    private static final String SPACES = "SELECT s.id, s.name, s.model, s.dimensions,"
            + " (SELECT count(*) FROM vector v WHERE v.space_id = s.id) FROM vector_space s ORDER BY s.id";
    private static final String ROWS = "SELECT v.memory_id, m.kind, m.type, p.key, p.name, m.created_at, v.embedding"
            + " FROM vector v CROSS JOIN memory m ON m.id = v.memory_id CROSS JOIN project p ON p.id = m.project_id";

    static final String PAGE = ROWS + " WHERE v.space_id = ? AND v.memory_id > ? ORDER BY v.memory_id LIMIT ?";
    static final String OF_MEMORIES =
            ROWS + " WHERE v.space_id = ? AND v.memory_id IN (SELECT value FROM json_each(?)) ORDER BY v.memory_id";

    private interface Read<T> {
        T of(Connection connection) throws SQLException;
    }

    private final Writer writer;
    private final Database database;
    private final WorkerExecutor thread;
    /** Used on that thread. */
    private @Nullable Connection connection;

    VectorSpaceStore(Vertx vertx, Writer writer, Database database) {
        this.writer = writer;
        this.database = database;
        thread = vertx.createSharedWorkerExecutor(
                "cairn-vector-reads-" + Integer.toHexString(System.identityHashCode(this)),
                1,
                MAX_READ_MS,
                TimeUnit.MILLISECONDS);
    }

    Future<VectorSpaces> create(NewVectorSpace space) {
        if (space.dimensions() < 1 || space.dimensions() > 10_000) {
            throw CairnException.invalid("dimensions", "dimensions must be 1 to 10000, not " + space.dimensions());
        }
        return writer.submit(tx -> {
            tx.update(
                    "INSERT INTO vector_space (name, model, dimensions) VALUES (?, ?, ?)"
                            + " ON CONFLICT (name) DO UPDATE SET model = excluded.model",
                    space.name(),
                    space.model(),
                    space.dimensions());
            return new VectorSpaces(tx.all(SPACES, VectorSpaceStore::space));
        });
    }

    Future<VectorSpaces> spaces() {
        return read(from -> new VectorSpaces(all(from, SPACES, VectorSpaceStore::space)));
    }

    private static VectorSpaces.Space space(ResultSet row) throws SQLException {
        return new VectorSpaces.Space(
                row.getLong(1), row.getString(2), row.getString(3), row.getInt(4), row.getLong(5));
    }

    Future<Count> save(SaveVectors request) {
        return writer.submit(tx -> {
            int saved = 0;
            for (SaveVectors.Entry entry : request.entries()) {
                saved += tx.update(
                        "INSERT INTO vector (space_id, memory_id, embedding) SELECT ?, id, ? FROM memory WHERE id = ?"
                                + " ON CONFLICT (space_id, memory_id) DO UPDATE SET embedding = excluded.embedding",
                        request.space(),
                        bytes(entry.vector()),
                        entry.memory());
            }
            return new Count(saved);
        });
    }

    Future<Nothing> drop(DropVectors request) {
        List<Long> memories = request.memories();
        if (memories == null) {
            return dropAll(request.space());
        }
        return writer.submit(tx -> {
            tx.update(
                    "DELETE FROM vector WHERE space_id = ? AND memory_id IN (SELECT value FROM json_each(?))",
                    request.space(),
                    WireFormat.encode(memories));
            return Nothing.NOTHING;
        });
    }

    private Future<Nothing> dropAll(long space) {
        return writer.submit(tx -> {
                    int gone = tx.update(
                            "DELETE FROM vector WHERE id IN (SELECT id FROM vector WHERE space_id = ? LIMIT ?)",
                            space,
                            DROP_STEP);
                    if (gone < DROP_STEP) {
                        tx.update("DELETE FROM vector_space WHERE id = ?", space);
                    }
                    return gone;
                })
                .compose(gone -> gone < DROP_STEP ? Future.succeededFuture(Nothing.NOTHING) : dropAll(space));
    }

    /** Memories were forgotten: in the same transaction their vectors are. */
    static void forgotten(Transaction tx, String ids) throws SQLException {
        tx.update("DELETE FROM vector WHERE memory_id IN (SELECT value FROM json_each(?))", ids);
    }

    Future<VectorRows> load(LoadVectors request) {
        if (request.limit() < 1 || request.limit() > LoadVectors.MAX_LIMIT) {
            throw CairnException.invalid(
                    "limit", "limit must be 1 to " + LoadVectors.MAX_LIMIT + ", not " + request.limit());
        }
        return read(from -> new VectorRows(
                all(from, PAGE, VectorSpaceStore::row, request.space(), request.after(), request.limit())));
    }

    Future<VectorRows> readVectors(ReadVectors request) {
        if (request.memories().size() > ReadVectors.MAX_IDS) {
            throw CairnException.invalid(
                    "memories", "memories has more than " + ReadVectors.MAX_IDS + " items; ask for fewer");
        }
        return read(from -> new VectorRows(
                all(from, OF_MEMORIES, VectorSpaceStore::row, request.space(), WireFormat.encode(request.memories()))));
    }

    private static VectorRows.Row row(ResultSet row) throws SQLException {
        return new VectorRows.Row(
                row.getLong(1),
                Kinds.of(row.getInt(2)),
                row.getString(3),
                new Project(row.getString(4), row.getString(5)),
                row.getLong(6),
                floats(row.getBytes(7)));
    }

    private static <T> List<T> all(Connection from, String sql, Transaction.RowReader<T> reader, Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = from.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        }
    }

    private <T> Future<T> read(Read<T> read) {
        return thread.executeBlocking(() -> {
                    Connection from = connection;
                    if (from == null) {
                        from = database.openReader();
                        connection = from;
                    }
                    return read.of(from);
                })
                .recover(failure -> Future.failedFuture(StoreErrors.toCairn(failure)));
    }

    Future<Void> close() {
        return thread.<Void>executeBlocking(() -> {
                    if (connection != null) {
                        connection.close();
                        connection = null;
                    }
                    return null;
                })
                .transform(closed -> thread.close()
                        .transform(ended ->
                                closed.succeeded() ? Future.succeededFuture() : Future.failedFuture(closed.cause())));
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}

package dev.cairn.vector;

import dev.cairn.bus.Bus;
import dev.cairn.bus.VectorDocument;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.Kind;
import dev.cairn.store.StoreVerticle;
import dev.cairn.vector.embed.Embedder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The index in the worker, with the real store below it. */
class EmbeddedContractTest extends VectorIndexContract {
    private static final Map<Kind, Integer> KINDS = Map.of(Kind.OBSERVATION, 1, Kind.SUMMARY, 2, Kind.PROMPT, 3);

    @TempDir
    static Path directory;

    private Vertx vertx;
    private EmbeddedDoor door;

    @Override
    Future<VectorIndex> open(Vertx used, Embedder embedder) {
        vertx = used;
        door = new EmbeddedDoor(used, new Bus(used), "words", model -> embedder);
        JsonObject config = new JsonObject().put("dataDir", directory.toString());
        return used.deployVerticle(new StoreVerticle(ConfigLoader.of(config), null))
                .compose(deployed -> door.open());
    }

    /** A vector is kept for a memory that is there. */
    @Override
    Future<Void> saved(List<VectorDocument> documents) {
        return vertx.executeBlocking(() -> {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("cairn.db"))) {
                for (VectorDocument document : documents) {
                    save(connection, document);
                }
            }
            return null;
        });
    }

    private static void save(Connection connection, VectorDocument document) throws SQLException {
        try (PreparedStatement project =
                        connection.prepareStatement("INSERT OR IGNORE INTO project (key, name) VALUES (?, ?)");
                PreparedStatement memory = connection.prepareStatement(
                        "INSERT OR REPLACE INTO memory (id, kind, project_id, created_at, platform, type, text)"
                                + " SELECT ?, ?, id, ?, 'test', ?, ? FROM project WHERE key = ?")) {
            project.setString(1, document.project().key());
            project.setString(2, document.project().name());
            project.executeUpdate();
            memory.setLong(1, document.id());
            memory.setInt(2, KINDS.get(document.kind()));
            memory.setLong(3, document.createdAt());
            memory.setString(4, document.type());
            memory.setString(5, document.text());
            memory.setString(6, document.project().key());
            memory.executeUpdate();
        }
    }

    @Override
    void shut() {
        door.close();
    }
}

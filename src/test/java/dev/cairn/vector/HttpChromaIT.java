package dev.cairn.vector;

import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.it.ChromaServerProcess;
import dev.cairn.vector.embed.Embedder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A real Chroma server, in a tenant and a database that are not there before. */
class HttpChromaIT extends VectorIndexContract {
    @TempDir
    static Path directory;

    private ChromaServerProcess server;
    private HttpChromaDoor door;

    @BeforeAll
    static void chromaIsInstalled() {
        ChromaServerProcess.require();
    }

    @Override
    Future<VectorIndex> open(Vertx vertx, Embedder embedder) throws Exception {
        server = ChromaServerProcess.start(Files.createDirectory(directory.resolve("db")));
        JsonObject chroma = new JsonObject()
                .put("url", server.url())
                .put("tenant", "some.tenant")
                .put("database", "some-database");
        CairnConfig config = ConfigLoader.of(new JsonObject()
                .put("dataDir", directory.toString())
                .put("vector", new JsonObject().put("mode", "chroma-http").put("chroma", chroma)));
        door = HttpChromaDoor.of(vertx, config, embedder, false);
        return door.open();
    }

    @Override
    void shut() throws Exception {
        try {
            door.close();
        } finally {
            server.close();
        }
    }
}

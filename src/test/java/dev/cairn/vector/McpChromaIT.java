package dev.cairn.vector;

import dev.cairn.chain.ChainVerticle.Next;
import dev.cairn.chain.Lifecycle;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.it.RealChroma;
import dev.cairn.process.ChildOwner;
import dev.cairn.process.ChildProcesses;
import dev.cairn.process.ProcessVerticle;
import dev.cairn.vector.embed.Embedder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The real chroma-mcp, which embeds by itself. */
class McpChromaIT extends VectorIndexContract {
    @TempDir
    static Path directory;

    private final Lifecycle lifecycle = new Lifecycle();
    private ChildOwner owner;

    @BeforeAll
    static void chromaIsInstalled() {
        RealChroma.require();
    }

    @Override
    Future<VectorIndex> open(Vertx vertx, Embedder embedder) {
        CairnConfig config = ConfigLoader.of(new JsonObject()
                .put("dataDir", directory.toString())
                .put("vector", new JsonObject().put("mode", "chroma-mcp")));
        ChildProcesses processes = new ChildProcesses(new SimpleMeterRegistry(), true);
        ChromaFiles files = new ChromaFiles(directory);
        files.prepare();
        return vertx.deployVerticle(
                        new ProcessVerticle(config, lifecycle, processes, Next.one(() -> new VerticleBase() {})))
                .compose(up -> {
                    lifecycle.ready();
                    owner = processes.owner("contract");
                    return new ChromaProcess(
                                    vertx, owner, config.vector(), config.process(), files, System.getenv(), false)
                            .open();
                });
    }

    @Override
    void shut() throws Exception {
        if (owner != null) {
            owner.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}

package dev.cairn.vector;

import dev.cairn.config.CairnConfig;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderOptions;
import dev.cairn.vector.embed.EmbedderService;
import io.vertx.core.Vertx;

/** Makes the embedder that the configuration names. */
final class Embedders {
    private Embedders() {}

    /** Loads nothing yet. */
    static Embedder of(Vertx vertx, CairnConfig config) {
        return of(vertx, config, config.vector().model());
    }

    /** The same with another model. */
    static Embedder of(Vertx vertx, CairnConfig config, String model) {
        EmbedderOptions bundled = EmbedderOptions.bundled(config.dataDir().resolve("cache"));
        return new EmbedderService(
                vertx,
                new EmbedderOptions(
                        model,
                        bundled.cache(),
                        bundled.queryTokens(),
                        bundled.documentTokens(),
                        bundled.queueTexts(),
                        bundled.idleMs()));
    }
}

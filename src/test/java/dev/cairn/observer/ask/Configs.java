package dev.cairn.observer.ask;

import dev.cairn.config.ConfigLoader;
import dev.cairn.config.ObserverConfig;
import io.vertx.core.json.JsonObject;

/** Configurations of observers. */
final class Configs {
    private Configs() {}

    static ObserverConfig observer(ObserverConfig.Batch batch, ObserverConfig.Budget budget, long timeoutMs) {
        ObserverConfig defaults = ConfigLoader.of(new JsonObject()).observer();
        return new ObserverConfig(
                "custom",
                defaults.max(),
                defaults.attempts(),
                defaults.idleMs(),
                timeoutMs,
                batch,
                budget,
                defaults.prices(),
                defaults.proxy(),
                defaults.claude(),
                defaults.anthropic(),
                defaults.openai(),
                defaults.openaiOutput(),
                defaults.gemini(),
                defaults.custom());
    }
}

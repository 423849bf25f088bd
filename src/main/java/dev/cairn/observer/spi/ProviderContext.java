package dev.cairn.observer.spi;

import dev.cairn.config.ObserverConfig;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a provider may use.
 *
 * @param vertx the worker's; the provider is called on an event loop of it
 * @param config the keys under {@code observer}; a provider on the class path finds its own in {@code config.custom()}
 * @param environment the worker's environment
 * @param directory where the provider may keep files, under the data directory; made when first needed
 */
public record ProviderContext(Vertx vertx, ObserverConfig config, Map<String, String> environment, Path directory) {
    public ProviderContext {
        environment = Map.copyOf(environment);
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "ProviderContext[" + config.provider() + ", " + directory + "]";
    }
}

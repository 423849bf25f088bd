package dev.cairn.observer;

import dev.cairn.config.ConfigException;
import dev.cairn.config.ObserverConfig;
import dev.cairn.observer.spi.ModelProvider;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the provider that is configured: one of the worker's own, or one on the class path. */
final class Providers {
    private final Map<String, Supplier<ModelProvider>> own;

    /** @param own the worker's providers by their names */
    Providers(Map<String, Supplier<ModelProvider>> own) {
        this.own = new TreeMap<>(own);
    }

    /**
     * Null for the rules, which need none.
     *
     * @throws ConfigException when there is no such provider
     */
    @Nullable
    ModelProvider find(ObserverConfig config) {
        String name = config.provider();
        if (name.equals("rules")) {
            return null;
        }
        if (name.equals("custom")) {
            return custom(config.custom().provider());
        }
        Supplier<ModelProvider> known = own.get(name);
        if (known == null) {
            throw new ConfigException("observer.provider: there is no provider " + name + " in this build");
        }
        return known.get();
    }

    private static ModelProvider custom(@Nullable String name) {
        List<ModelProvider> found = ServiceLoader.load(ModelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> name == null || provider.name().equals(name))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        String names = ServiceLoader.load(ModelProvider.class).stream()
                .map(provider -> provider.get().name())
                .sorted()
                .toList()
                .toString();
        throw new ConfigException(
                name == null
                        ? "observer.custom.provider: must be set, as the class path has " + names
                        : "observer.custom.provider: '" + name + "' is not on the class path, which has " + names
                                + "; put its jar there and name its class in META-INF/services/"
                                + ModelProvider.class.getName());
    }
}

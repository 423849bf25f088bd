package dev.cairn.observer.http;

import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelProvider;
import dev.cairn.observer.spi.ProviderContext;

/** Models behind the Messages API. */
public final class AnthropicProvider implements ModelProvider {
    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public Model open(ProviderContext context) {
        return new AnthropicModel(
                context,
                Service.of(
                        "Anthropic",
                        "observer.anthropic",
                        "ANTHROPIC_API_KEY",
                        context.config().anthropic(),
                        context.environment()),
                Service.model("observer.anthropic", context.config().anthropic()));
    }
}

package dev.cairn.observer.http;

import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelProvider;
import dev.cairn.observer.spi.ProviderContext;

/** Models behind OpenAI's chat completions, which many other servers have too. */
public final class OpenAiProvider implements ModelProvider {
    @Override
    public String name() {
        return "openai";
    }

    @Override
    public Model open(ProviderContext context) {
        return new OpenAiModel(
                context,
                Service.of(
                        "the OpenAI-compatible server",
                        "observer.openai",
                        "OPENAI_API_KEY",
                        context.config().openai(),
                        context.environment()),
                Service.model("observer.openai", context.config().openai()));
    }
}

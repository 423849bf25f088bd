package dev.cairn.observer.http;

import dev.cairn.config.ConfigException;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelProvider;
import dev.cairn.observer.spi.ProviderContext;
import java.util.regex.Pattern;

/** Models behind the Gemini API. */
public final class GeminiProvider implements ModelProvider {
    /** What a path takes as it is. */
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    @Override
    public String name() {
        return "gemini";
    }

    @Override
    public Model open(ProviderContext context) {
        String model =
                Service.model("observer.gemini", context.config().gemini()).replaceFirst("^models/", "");
        if (!MODEL.matcher(model).matches()) {
            throw new ConfigException(
                    "observer.gemini.model must be a model's name such as gemini-2.5-flash, not '" + model + "'");
        }
        return new GeminiModel(
                context,
                Service.of(
                        "Gemini",
                        "observer.gemini",
                        "GEMINI_API_KEY",
                        context.config().gemini(),
                        context.environment()),
                model);
    }
}

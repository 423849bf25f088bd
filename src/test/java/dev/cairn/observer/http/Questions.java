package dev.cairn.observer.http;

import dev.cairn.config.ConfigLoader;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelProvider;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.ProviderContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Models and questions to them, as the tests of this package use them. */
final class Questions {
    static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}},"
            + "\"required\":[\"title\"],\"additionalProperties\":false}";

    static final ModelRequest QUESTION = question(10_000);

    private static final long DEADLINE_SECONDS = 20;

    private Questions() {}

    static ModelRequest question(long timeoutMs) {
        return new ModelRequest(
                "session-1",
                "Say what was done.",
                "{\"earlier\":[\"read a file\"]}",
                "{\"toolUses\":[{\"tool\":\"Edit\",\"input\":\"größer \\u2713\"}]}",
                SCHEMA,
                900,
                timeoutMs);
    }

    static ModelProvider provider(Dialect dialect) {
        return switch (dialect) {
            case ANTHROPIC -> new AnthropicProvider();
            case OPENAI -> new OpenAiProvider();
            case GEMINI -> new GeminiProvider();
        };
    }

    static Model model(Vertx vertx, FakeModelServer server, Dialect dialect) {
        return open(vertx, dialect, dialect.settings(server.url(dialect), FakeModelServer.KEY, "model-1"), Map.of());
    }

    static Model open(Vertx vertx, Dialect dialect, JsonObject observer, Map<String, String> environment) {
        return provider(dialect)
                .open(new ProviderContext(
                        vertx,
                        ConfigLoader.of(new JsonObject().put("observer", observer))
                                .observer(),
                        environment,
                        Path.of("unused")));
    }

    static ModelAnswer answer(Model model, ModelRequest question) {
        return await(model.ask(question));
    }

    /** The question must fail, with a {@link ModelException}. */
    static ModelException fault(Model model, ModelRequest question) {
        try {
            throw new AssertionError("answered: " + answer(model, question));
        } catch (ModelException e) {
            return e;
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}

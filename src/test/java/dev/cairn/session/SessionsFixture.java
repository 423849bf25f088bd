package dev.cairn.session;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Bus;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.Count;
import dev.cairn.bus.MemoryClient;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The sessions on a real bus, with a store that only remembers what it was given. */
abstract class SessionsFixture {
    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final MeterRegistry meters = new SimpleMeterRegistry();
    final MemoryClient client = MemoryClient.create(vertx, 20_000);
    final BlockingQueue<AppendEvents> appended = new LinkedBlockingQueue<>();
    final BlockingQueue<SaveMemories> saved = new LinkedBlockingQueue<>();
    final BlockingQueue<CloseIdleTurns> closed = new LinkedBlockingQueue<>();

    @BeforeEach
    void store() {
        bus.serve(Addresses.STORE_APPEND, append -> {
            appended.add(append);
            return Future.succeededFuture(
                    new Recorded(append.project(), append.events().size(), 0));
        });
        bus.serve(Addresses.STORE_SAVE, save -> {
            saved.add(save);
            return Future.succeededFuture(
                    new Saved(IntStream.rangeClosed(1, save.memories().size())
                            .mapToObj(Long::valueOf)
                            .toList()));
        });
        bus.serve(Addresses.STORE_CLOSE_IDLE, close -> {
            closed.add(close);
            return Future.succeededFuture(new Count(1));
        });
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    String deploy(JsonObject options) throws Exception {
        CairnConfig config = ConfigLoader.of(options);
        return await(vertx.deployVerticle(new SessionsVerticle(config, meters, null)));
    }

    static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in 20 s", e);
        }
    }

    <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T item = queue.poll(20, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing came in 20 s");
        }
        return item;
    }

    AgentEvent event(EventKind kind, @Nullable String cwd) {
        return event(kind, "s-1", cwd, null, null);
    }

    static AgentEvent event(
            EventKind kind, String session, @Nullable String cwd, @Nullable String prompt, @Nullable String response) {
        boolean tool = kind == EventKind.TOOL_USE;
        return new AgentEvent(
                kind,
                kind.toString(),
                "claude-code",
                session,
                cwd,
                null,
                null,
                prompt,
                tool ? "Bash" : null,
                tool ? "toolu_1" : null,
                tool ? "{\"command\":\"ls\"}" : null,
                response,
                null,
                null,
                null,
                null,
                1_000);
    }
}

package dev.cairn.store;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.TurnWork;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A store on a real file and a real bus, opened and closed as a verticle. */
final class StoreFixture implements AutoCloseable {
    static final Project PROJECT = new Project("/home/u/cairn", "cairn");
    static final Project OTHER = new Project("/home/u/other", "other");
    static final String PLATFORM = "claude-code";

    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final CairnConfig config;
    private final LongSupplier clock;
    private String deployment;

    StoreFixture(Path directory) {
        this(directory, new JsonObject());
    }

    StoreFixture(Path directory, JsonObject store) {
        this(directory, store, System::currentTimeMillis);
    }

    StoreFixture(Path directory, JsonObject store, LongSupplier clock) {
        this.clock = clock;
        config = ConfigLoader.of(
                new JsonObject().put("dataDir", directory.toString()).put("store", store));
        deployment = deploy();
    }

    private String deploy() {
        try {
            return await(vertx.deployVerticle(new StoreVerticle(config, null, clock)));
        } catch (RuntimeException e) {
            await(vertx.close());
            throw e;
        }
    }

    void reopen() {
        stop();
        deployment = deploy();
    }

    void stop() {
        await(vertx.undeploy(deployment));
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    <Q, R> R ask(Address<Q, R> address, Q request) {
        return await(bus.request(address, request, 30_000));
    }

    /** What the store refuses with. */
    <Q, R> CairnException refusal(Address<Q, R> address, Q request) {
        return failure(bus.request(address, request, 30_000));
    }

    static CairnException failure(Future<?> future) {
        try {
            await(future);
        } catch (CairnException refused) {
            return refused;
        }
        throw new AssertionError("it was not refused");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it is so, but not for ever. */
    static void until(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come about: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Collects what is published at an address from now on. */
    <E> List<E> listen(Address<E, ?> address) {
        List<E> heard = new CopyOnWriteArrayList<>();
        await(bus.listen(address, heard::add).completion());
        return heard;
    }

    Recorded append(AgentEvent... events) {
        return append(PROJECT, events);
    }

    Recorded append(Project project, AgentEvent... events) {
        return ask(Addresses.STORE_APPEND, new AppendEvents(project, List.of(events)));
    }

    ClaimedTurn claim(String observer, long now) {
        return ask(Addresses.STORE_CLAIM, new ClaimTurn(observer, now));
    }

    TurnWork claimWork(String observer) {
        return Objects.requireNonNull(claim(observer, 1_000_000).work(), "no turn is ready");
    }

    List<Long> save(NewMemory... memories) {
        return ask(Addresses.STORE_SAVE, new SaveMemories(List.of(memories), "api"))
                .ids();
    }

    MemoryRows search(String text) {
        return search(SearchQuery.of(text, null, 20));
    }

    MemoryRows search(SearchQuery query) {
        return ask(Addresses.STORE_SEARCH, query);
    }

    List<Long> found(String text) {
        return search(text).rows().stream().map(row -> row.id()).toList();
    }

    /** What the file says, past the store. */
    long number(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Nullable
    String text(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + config.database());
    }

    static NewMemory note(String text) {
        return new NewMemory(text, null, null, PROJECT.key(), List.of(), List.of(), null);
    }

    static EventBuilder event(EventKind kind, String session) {
        return new EventBuilder(kind, session);
    }

    static AgentEvent prompt(String session, @Nullable String promptId, String text, long at) {
        return event(EventKind.PROMPT, session).promptId(promptId).prompt(text).at(at);
    }

    static AgentEvent tool(String session, @Nullable String promptId, @Nullable String useId, long at) {
        return event(EventKind.TOOL_USE, session)
                .promptId(promptId)
                .toolUseId(useId)
                .at(at);
    }

    static AgentEvent stop(String session, @Nullable String promptId, String text, long at) {
        return event(EventKind.STOP, session).promptId(promptId).text(text).at(at);
    }

    /** An event with what a test cares about. */
    static final class EventBuilder {
        private final EventKind kind;
        private final String session;
        private @Nullable String promptId;
        private @Nullable String prompt;
        private @Nullable String toolUseId;
        private @Nullable String text;
        private @Nullable String detail;
        private @Nullable String input = "{\"file\":\"a.txt\"}";

        private EventBuilder(EventKind kind, String session) {
            this.kind = kind;
            this.session = session;
        }

        EventBuilder promptId(@Nullable String id) {
            promptId = id;
            return this;
        }

        EventBuilder prompt(@Nullable String words) {
            prompt = words;
            return this;
        }

        EventBuilder toolUseId(@Nullable String id) {
            toolUseId = id;
            return this;
        }

        EventBuilder text(@Nullable String said) {
            text = said;
            return this;
        }

        EventBuilder detail(@Nullable String word) {
            detail = word;
            return this;
        }

        EventBuilder input(@Nullable String json) {
            input = json;
            return this;
        }

        AgentEvent at(long at) {
            boolean tool = kind == EventKind.TOOL_USE;
            return new AgentEvent(
                    kind,
                    name(),
                    PLATFORM,
                    session,
                    "/home/u/cairn",
                    promptId,
                    null,
                    prompt,
                    tool ? "Read" : null,
                    toolUseId,
                    tool ? input : null,
                    tool ? "{\"ok\":true}" : null,
                    null,
                    tool ? 12L : null,
                    text,
                    detail,
                    at);
        }

        private String name() {
            return switch (kind) {
                case SESSION_START -> "SessionStart";
                case PROMPT -> "UserPromptSubmit";
                case TOOL_USE -> "PostToolUse";
                case SUBAGENT_STOP -> "SubagentStop";
                case COMPACT -> "PreCompact";
                case STOP -> "Stop";
                case SESSION_END -> "SessionEnd";
                case OTHER -> "Notification";
            };
        }
    }
}

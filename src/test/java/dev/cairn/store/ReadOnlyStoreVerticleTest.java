package dev.cairn.store;

import static dev.cairn.store.StoreFixture.await;
import static dev.cairn.store.StoreFixture.failure;
import static dev.cairn.store.StoreFixture.note;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forget;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.SaveMemories;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers in a Vert.x of their own, as in a process of their own, beside the store that writes. */
class ReadOnlyStoreVerticleTest {
    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void whatIsCommittedBeforeAQueryIsFoundByIt() {
        try (StoreFixture writer = new StoreFixture(directory)) {
            deploy();
            for (int i = 1; i <= 20; i++) {
                String project = "/home/u/project" + i;
                writer.save(new NewMemory("the writer no " + i, null, null, project, List.of(), List.of(), null));

                MemoryRows found = ask(Addresses.STORE_SEARCH, SearchQuery.of("writer", project, 5));
                assertThat(found.rows()).as("in the new project " + i).hasSize(1);
                assertThat(ask(Addresses.STORE_SEARCH, SearchQuery.of("writer", null, 5))
                                .total())
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void theCountFollowsWhatIsSavedAndForgotten() throws Exception {
        try (StoreFixture writer = new StoreFixture(directory)) {
            deploy();
            List<Long> ids = writer.save(note("one"), note("two"), note("three"));
            awaitCount(3);

            writer.ask(
                    Addresses.STORE_FORGET, new Forget(ids.subList(0, 2), null, null, null, null, null, null, false));
            awaitCount(1);
        }
    }

    @Test
    void answersAreThoseOfTheStoreThatWrites() {
        try (StoreFixture writer = new StoreFixture(directory)) {
            writer.save(note("the reader waits"), note("the writer commits"), note("a writer and a reader"));
            deploy();

            for (String text : List.of("writer", "reader waits", "")) {
                SearchQuery query = SearchQuery.of(text, null, 10);
                assertThat(ask(Addresses.STORE_SEARCH, query)).isEqualTo(writer.ask(Addresses.STORE_SEARCH, query));
            }
            NeighbourQuery around = new NeighbourQuery(2L, null, 5, 5, null);
            assertThat(ask(Addresses.STORE_NEIGHBOURS, around))
                    .isEqualTo(writer.ask(Addresses.STORE_NEIGHBOURS, around));
            assertThat(ask(Addresses.STORE_PROJECTS, Nothing.NOTHING))
                    .isEqualTo(writer.ask(Addresses.STORE_PROJECTS, Nothing.NOTHING));
        }
    }

    @Test
    void nothingThatWritesIsServed() {
        try (StoreFixture writer = new StoreFixture(directory)) {
            deploy();

            CairnException refusal =
                    failure(bus.request(Addresses.STORE_SAVE, new SaveMemories(List.of(note("x")), "api")));
            assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(writer.number("SELECT count(*) FROM memory")).isZero();
        }
    }

    @Test
    void withoutADatabaseNoneIsMade() {
        CairnException refusal = failure(vertx.deployVerticle(new ReadOnlyStoreVerticle(config(), null)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @DisplayName("D8: a schema of another build, newer or older, is refused and stays as it is")
    void anotherSchemaIsRefused() throws Exception {
        new StoreFixture(directory).close();
        for (int version : new int[] {Migrations.newest() + 1, 0}) {
            setVersion(version);
            byte[] before = Files.readAllBytes(config().database());

            CairnException refusal = failure(vertx.deployVerticle(new ReadOnlyStoreVerticle(config(), null)));

            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refusal).hasMessageContaining("schema version " + version);
            assertThat(Files.readAllBytes(config().database())).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("D8: a schema that a newer build brings in while it reads is refused from then on")
    void aSchemaThatChangesUnderItIsRefused() throws Exception {
        try (StoreFixture writer = new StoreFixture(directory)) {
            writer.save(note("the writer"));
            deploy();
            assertThat(ask(Addresses.STORE_SEARCH, SearchQuery.of("writer", null, 5))
                            .total())
                    .isEqualTo(1);

            setVersion(Migrations.newest() + 1);

            assertThat(failure(bus.request(Addresses.STORE_SEARCH, SearchQuery.of("writer", null, 5)))
                            .code())
                    .isEqualTo(ErrorCode.CONFLICT);
            setVersion(Migrations.newest());
        }
    }

    private void setVersion(int version) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + config().database());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + version);
        }
    }

    private void awaitCount(long count) throws Exception {
        // A count is old for a part of the time it takes; the next query after that has the new one.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        long found = -1;
        while (found != count && System.nanoTime() < deadline) {
            found = ask(Addresses.STORE_SEARCH, SearchQuery.of("writer", null, 5))
                    .coverage()
                    .total();
        }
        assertThat(found).isEqualTo(count);
    }

    private CairnConfig config() {
        return ConfigLoader.of(new JsonObject().put("dataDir", directory.toString()));
    }

    private void deploy() {
        await(vertx.deployVerticle(new ReadOnlyStoreVerticle(config(), null)));
    }

    private <Q, R> R ask(Address<Q, R> address, Q request) {
        return await(bus.request(address, request, 30_000));
    }
}

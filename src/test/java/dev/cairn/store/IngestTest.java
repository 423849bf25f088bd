package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.event;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.IngestEvents.Item;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Ingested.Result;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTest {
    private static final long DAY = TimeUnit.DAYS.toMillis(1);

    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Item item(AgentEvent event, @Nullable String key) {
        return new Item(event, key, PROJECT, false);
    }

    private Ingested ingest(@Nullable String key, long at, Item... items) {
        return store.ask(Addresses.STORE_INGEST, new IngestEvents(List.of(items), key, at, "r-1"));
    }

    @Test
    @DisplayName("events of several sessions and projects are stored in one transaction, each told its result")
    void severalSessions() {
        List<Prompt> heard = store.listen(Addresses.EVENT_PROMPT);

        Ingested answer = ingest(
                null,
                100,
                item(prompt("s1", "p1", "fix it", 10), null),
                new Item(prompt("s2", "p1", "build it", 20), null, OTHER, false),
                item(tool("s1", "p1", "u1", 30), null),
                item(tool("s1", "p1", "u1", 40), null),
                item(event(EventKind.OTHER, "s1").at(50), null),
                new Item(stop("s3", null, "hidden", 60), null, null, false));

        assertThat(answer)
                .isEqualTo(new Ingested(
                        List.of(
                                Result.STORED,
                                Result.STORED,
                                Result.STORED,
                                Result.DUPLICATE,
                                Result.COUNTED,
                                Result.EXCLUDED),
                        false));
        assertThat(store.number("SELECT count(*) FROM session")).isEqualTo(2);
        assertThat(store.number("SELECT count(*) FROM memory m JOIN project p ON p.id = m.project_id WHERE p.key = '"
                        + OTHER.key() + "'"))
                .isEqualTo(1);
        StoreFixture.until("prompts are published", () -> heard.size() == 2);
    }

    @Test
    @DisplayName("D6: an event of the same key is stored once, and answered as the first time, also after a restart")
    void theSameKeyIsStoredOnce() {
        // Without an id of the use, only the key can tell that it is the same.
        Item use = item(tool("s1", "p1", null, 10), "k1");
        Ingested first = ingest(null, 100, use);

        assertThat(ingest(null, 200, use)).isEqualTo(new Ingested(first.results(), true));
        store.reopen();
        assertThat(ingest(null, 300, use)).isEqualTo(new Ingested(first.results(), true));

        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(1);
        assertThat(ingest(null, 400, use, item(tool("s1", "p1", null, 20), "k2"))
                        .replayed())
                .isFalse();
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(2);
    }

    @Test
    @DisplayName("D6: the same key twice within one batch is stored once")
    void theSameKeyWithinABatch() {
        assertThat(ingest(null, 100, item(tool("s1", "p1", null, 10), "k"), item(tool("s1", "p1", null, 20), "k"))
                        .results())
                .containsExactly(Result.STORED, Result.STORED);
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(1);
    }

    @Test
    @DisplayName("D6: a batch of the same key is stored once, whatever it holds")
    void theSameBatchIsStoredOnce() {
        Ingested first = ingest(
                "b1",
                100,
                item(tool("s1", "p1", null, 10), null),
                new Item(stop("s9", null, "x", 20), null, null, false));

        assertThat(ingest("b1", 200, item(tool("s1", "p1", null, 99), null)))
                .isEqualTo(new Ingested(first.results(), true));
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(1);
        assertThat(ingest("b2", 300, item(tool("s1", "p1", null, 99), null)).replayed())
                .isFalse();
    }

    @Test
    void keysOfEventsAndBatchesAndPlatformsAreApart() {
        AgentEvent one = tool("s1", "p1", null, 10);
        AgentEvent ofAnother = new AgentEvent(
                one.kind(),
                one.name(),
                "codex",
                one.sessionId(),
                one.cwd(),
                null,
                null,
                null,
                "Read",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                10);

        assertThat(ingest("k", 100, item(one, null)).replayed()).isFalse();
        assertThat(ingest(null, 200, item(one, "k")).replayed()).isFalse();
        assertThat(ingest(null, 300, item(ofAnother, "k")).replayed()).isFalse();
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(3);
    }

    @Test
    @DisplayName("a failure in the middle leaves nothing: neither the events before it nor their keys")
    void allOrNothing() throws SQLException {
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TRIGGER refuse BEFORE INSERT ON tool_use WHEN NEW.tool_use_id = 'bad'"
                    + " BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        }
        Item good = item(tool("s1", "p1", "good", 10), "k1");

        assertThatThrownBy(() -> ingest("b1", 100, good, item(tool("s1", "p1", "bad", 20), "k2")))
                .hasMessageContaining("the database refused a statement");

        assertThat(store.number("SELECT count(*) FROM tool_use")).isZero();
        assertThat(store.number("SELECT count(*) FROM session")).isZero();
        assertThat(store.number("SELECT count(*) FROM ingestion_key")).isZero();
        assertThat(ingest("b1", 200, good).results()).containsExactly(Result.STORED);
    }

    @Test
    void aProjectThatIsNamedIsTheOneThatIsKnown() {
        store.append(prompt("s0", "p0", "first", 5));

        ingest(
                null,
                100,
                new Item(prompt("s1", "p1", "again", 10), null, new Project("cairn", "cairn"), true),
                new Item(prompt("s2", "p2", "new", 20), null, new Project("/home/u/fresh", "/home/u/fresh"), true));

        assertThat(store.text("SELECT group_concat(key || '=' || name, ' ') FROM (SELECT * FROM project ORDER BY key)"))
                .isEqualTo("/home/u/cairn=cairn /home/u/fresh=fresh");
    }

    @Test
    @DisplayName("keys go after a week; a batch makes room for more than it takes")
    void keysAreForgotten() {
        ingest(null, 100, item(tool("s1", "p1", null, 10), "old"));
        assertThat(ingest(null, 100 + 7 * DAY, item(tool("s1", "p1", null, 10), "old"))
                        .replayed())
                .isTrue();

        ingest(null, 101 + 7 * DAY, item(tool("s1", "p1", null, 20), "new"));

        assertThat(store.number("SELECT count(*) FROM ingestion_key")).isEqualTo(1);
        assertThat(ingest(null, 102 + 7 * DAY, item(tool("s1", "p1", null, 20), "new"))
                        .replayed())
                .isTrue();
    }

    @Test
    @DisplayName("no more keys are kept than the bound, the newest")
    void keysAreBounded() throws SQLException {
        ingest(null, 100, item(tool("s1", "p1", null, 10), "first"));
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE sqlite_sequence SET seq = " + (IngestionKeys.MOST + 1) + " WHERE name = 'ingestion_key'");
        }

        ingest(null, 200, item(tool("s1", "p1", null, 20), "second"));

        assertThat(store.number("SELECT count(*) FROM ingestion_key")).isEqualTo(1);
        assertThat(ingest(null, 300, item(tool("s1", "p1", null, 20), "second")).replayed())
                .isTrue();
    }
}

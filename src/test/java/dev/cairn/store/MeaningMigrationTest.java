package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.VectorStats;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the schema before the parts of names and the vectors, with content that the scripts of that time hold. */
class MeaningMigrationTest {
    /** More than one step of the reindexing. */
    private static final int NOTES = 1_200;

    @TempDir
    Path directory;

    @Test
    @DisplayName(
            "D3: a database of the schema before is searchable after the start, in all its kinds, by words and parts of names")
    void everythingIsFoundAfterwards() throws Exception {
        makeThirdSchema();

        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.number("PRAGMA user_version")).isEqualTo(Migrations.newest());
            assertThat(store.found("parser")).containsExactly(1L);
            assertThat(store.found("stream")).as("a part of a joined name").containsExactly(1L);
            assertThat(store.found("http3Stream")).containsExactly(1L);
            assertThat(store.found("outcome")).containsExactly(2L);
            assertThat(store.found("question")).containsExactly(3L);
            assertThat(store.search("walrus").total()).isEqualTo(NOTES);
            assertThat(filtered(store, "parser", List.of(Kind.OBSERVATION), List.of("bugfix")))
                    .containsExactly(1L);
            assertThat(filtered(store, "parser", List.of(), List.of("note"))).isEmpty();
            assertThat(filtered(store, "outcome", List.of(Kind.PROMPT), List.of()))
                    .isEmpty();
            assertThat(store.search(SearchQuery.of("parser", "cairn", 5)).total())
                    .isEqualTo(1);
            assertThat(store.search(SearchQuery.of("parser", "other", 5)).total())
                    .isZero();
            assertThat(store.number("SELECT count(*) FROM memory_fts")).isEqualTo(3 + NOTES);
        }
    }

    @Test
    @DisplayName("D3: the database is copied as it was before its index is written anew")
    void theFileAsItWasIsKept() throws Exception {
        makeThirdSchema();

        new StoreFixture(directory).close();

        try (Stream<Path> backups = Files.list(directory.resolve(SchemaBackup.DIRECTORY))) {
            Path copy = backups.toList().get(0);
            assertThat(copy.getFileName().toString()).startsWith("cairn-schema3-");
            try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + copy);
                    Statement statement = old.createStatement();
                    var row =
                            statement.executeQuery("SELECT count(*) FROM memory_fts WHERE memory_fts MATCH 'walrus'")) {
                assertThat(row.getInt(1)).isEqualTo(NOTES);
            }
        }
    }

    @Test
    void whatTheVectorIndexHadStaysNotedAndForgettingReachesWhatCameOver() throws Exception {
        makeThirdSchema();

        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.ask(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING))
                    .isEqualTo(new VectorStats("cairn-old", 1, 1, 3 + NOTES, 0, 0));
            store.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, null, "parser", null, null, false));
            assertThat(store.found("stream")).isEmpty();
            assertThat(store.found("outcome")).hasSize(1);
        }
    }

    @Test
    void aSecondStartWritesNothingAnew() throws Exception {
        makeThirdSchema();
        new StoreFixture(directory).close();

        new StoreFixture(directory).close();

        try (Stream<Path> backups = Files.list(directory.resolve(SchemaBackup.DIRECTORY))) {
            assertThat(backups).hasSize(1);
        }
    }

    private static List<Long> filtered(StoreFixture store, String text, List<Kind> kinds, List<String> types) {
        SearchQuery query = new SearchQuery(
                text, kinds, types, List.of(), null, null, null, null, null, null, 20, 0, SearchOrder.RELEVANCE, false);
        return store.search(query).rows().stream().map(row -> row.id()).toList();
    }

    private void makeThirdSchema() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("cairn.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            for (String script : Migrations.SCRIPTS.subList(0, 3)) {
                statement.executeUpdate(read(script));
            }
            statement.executeUpdate("PRAGMA user_version = 3");
            statement.executeUpdate("BEGIN");
            statement.executeUpdate("INSERT INTO project (id, key, name) VALUES (1, '/home/u/cairn', 'cairn')");
            statement.executeUpdate("INSERT INTO project (id, key, name) VALUES (2, '/home/u/other', 'other')");
            statement.executeUpdate(
                    "INSERT INTO session (id, session_id, platform, project_id, started_at) VALUES (1, 's', 'x', 1, 5)");
            statement.executeUpdate(
                    "INSERT INTO memory (id, kind, project_id, session_id, created_at, platform, type,"
                            + " title, text, facts, concepts, files_read, files_modified, commands) VALUES (1, 1, 1, 1, 10, 'x',"
                            + " 'bugfix', 'The parser crashed', 'in Http3Stream', '[\"a fact\"]', '[]', '[\"a.txt\"]', '[]', '[]')");
            statement.executeUpdate(
                    "INSERT INTO memory (id, kind, project_id, session_id, created_at, platform, request,"
                            + " completed) VALUES (2, 2, 1, 1, 11, 'x', 'asked', 'the outcome')");
            statement.executeUpdate("INSERT INTO memory (id, kind, project_id, session_id, created_at, platform, text)"
                    + " VALUES (3, 3, 1, 1, 12, 'x', 'a question')");
            index(connection, 1, "The parser crashed", "in Http3Stream a fact", "p1 k1 t6275676669780");
            index(connection, 2, "asked", "the outcome", "p1 k2");
            index(connection, 3, "", "a question", "p1 k3");
            for (int id = 4; id < 4 + NOTES; id++) {
                statement.executeUpdate("INSERT INTO memory (id, kind, project_id, created_at, platform, type, text)"
                        + " VALUES (" + id + ", 1, 2, " + id + ", 'x', 'note', 'a walrus')");
                index(connection, id, "", "a walrus", "p2 k1 t6e6f74650");
            }
            statement.executeUpdate("INSERT INTO vector_sync (memory_id, state) VALUES (1, 2)");
            statement.executeUpdate("INSERT INTO vector_index (id, collection) VALUES (1, 'cairn-old')");
            statement.executeUpdate("COMMIT");
        }
    }

    private static void index(Connection connection, long id, String title, String body, String scope)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO memory_fts (rowid, title, body, scope) VALUES (?, ?, ?, ?)")) {
            insert.setLong(1, id);
            insert.setString(2, title);
            insert.setString(3, body);
            insert.setString(4, scope);
            insert.executeUpdate();
        }
    }

    private static String read(String name) throws Exception {
        try (InputStream script = Objects.requireNonNull(Migrations.class.getResourceAsStream("migrations/" + name))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

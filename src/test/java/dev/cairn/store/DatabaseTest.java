package dev.cairn.store;

import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("cairn.db");
    }

    private CairnException refusal() {
        return catchThrowableOfType(CairnException.class, () -> new StoreFixture(directory).close());
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    @DisplayName("D8: a newer schema is refused with both versions named, and not one byte changes")
    void aNewerSchemaIsRefusedUnchanged() throws Exception {
        new StoreFixture(directory).close();
        run("PRAGMA user_version = 99");
        byte[] before = Files.readAllBytes(file());
        CairnException refused = refusal();
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused).hasMessageContaining("99").hasMessageContaining(String.valueOf(Migrations.newest()));
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    @DisplayName("D8: a newer schema that still stands in the log is refused too")
    void aNewerSchemaInTheLogIsRefused() throws Exception {
        new StoreFixture(directory).close();
        Path copy = directory.resolve("copy");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA user_version = 99");
            // What a killed worker leaves behind: the database and its log.
            Files.createDirectory(copy);
            for (String name : new String[] {"cairn.db", "cairn.db-wal"}) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
        }
        byte[] before = Files.readAllBytes(copy.resolve("cairn.db"));
        CairnException refused = catchThrowableOfType(CairnException.class, () -> new StoreFixture(copy).close());
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(Files.readAllBytes(copy.resolve("cairn.db"))).isEqualTo(before);
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedUnchanged() throws IOException {
        byte[] text = "Dear diary, this is not a database.".getBytes(StandardCharsets.UTF_8);
        Files.write(file(), text);
        assertThat(refusal())
                .hasMessageContaining("not a SQLite database")
                .extracting(CairnException::code)
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(Files.readAllBytes(file())).isEqualTo(text);
    }

    @Test
    void theDatabaseOfAnotherProgramIsRefusedUnchanged() throws Exception {
        run("CREATE TABLE recipe (id INTEGER PRIMARY KEY)");
        byte[] before = Files.readAllBytes(file());
        assertThat(refusal()).hasMessageContaining("another program");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        run("PRAGMA application_id = 77");
        assertThat(refusal().code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void anEmptyFileIsMadeOurs() throws IOException {
        Files.createFile(file());
        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.save(note("hello"))).hasSize(1);
            assertThat(store.number("PRAGMA application_id")).isEqualTo(Database.APPLICATION_ID);
            assertThat(store.number("PRAGMA user_version")).isEqualTo(Migrations.newest());
            assertThat(store.number("PRAGMA auto_vacuum")).as("incremental").isEqualTo(2);
            assertThat(store.text("PRAGMA journal_mode")).isEqualTo("wal");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @DisplayName("H2: files are for their owner only")
    void filesAreForTheirOwnerOnly() throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (StoreFixture store = new StoreFixture(data)) {
            store.save(note("hello"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(data)) {
                assertThat(files)
                        .hasSizeGreaterThanOrEqualTo(2)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    @DisplayName("B5: a data directory that cannot be made is one clear refusal")
    void aDataDirectoryThatCannotBeMadeIsRefused() throws IOException {
        Path blocked = Files.createFile(directory.resolve("blocked"));
        CairnException refused =
                catchThrowableOfType(CairnException.class, () -> new StoreFixture(blocked.resolve("data")).close());
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("cannot be written");
        Files.createDirectory(file());
        assertThat(refusal()).hasMessageContaining("is a directory");
    }

    @Test
    void whatWasStoredIsThereAfterManyReopenings() throws IOException {
        try (StoreFixture store = new StoreFixture(directory)) {
            for (int i = 0; i < 5; i++) {
                store.append(prompt("s1", "p" + i, "prompt number " + i, i));
                store.reopen();
                assertThat(store.search("prompt").total()).isEqualTo(i + 1);
                assertThat(store.search("prompt").coverage().total()).isEqualTo(i + 1);
            }
            store.stop();
            Path log = directory.resolve("cairn.db-wal");
            assertThat(!Files.exists(log) || Files.size(log) == 0)
                    .as("a stop folds the log into the database")
                    .isTrue();
        }
    }

    @Test
    void aStoreThatDidNotCloseLosesNothing() throws IOException {
        try (StoreFixture store = new StoreFixture(directory)) {
            store.save(note("survives"));
            Path copy = Files.createDirectory(directory.resolve("copy"));
            for (String name : new String[] {"cairn.db", "cairn.db-wal"}) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
            try (StoreFixture killed = new StoreFixture(copy)) {
                assertThat(killed.found("survives")).hasSize(1);
            }
        }
    }

    @Test
    void everyMigrationOfTheBuildIsKnown() throws IOException, URISyntaxException {
        URL scripts = Objects.requireNonNull(Migrations.class.getResource("migrations"));
        try (Stream<Path> files = Files.list(Path.of(scripts.toURI()))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .isEqualTo(Migrations.SCRIPTS);
        }
    }

    @Test
    void aMigrationThatFailsLeavesTheDatabaseAsItWas() throws SQLException {
        // A table in the way makes the first script fail halfway.
        run("PRAGMA application_id = " + Database.APPLICATION_ID, "CREATE TABLE turn_note (id INTEGER)");
        assertThat(refusal()).isNotNull();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            assertThat(statement
                            .executeQuery("SELECT count(*) FROM sqlite_schema")
                            .getInt(1))
                    .isEqualTo(1);
            assertThat(statement.executeQuery("PRAGMA user_version").getInt(1)).isZero();
        }
    }
}

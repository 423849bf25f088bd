package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.model.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaBackupTest {
    @TempDir
    Path directory;

    /** A database as the first version made it, with something in it. */
    private void makeFirstSchema() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("cairn.db"));
                Statement statement = connection.createStatement();
                InputStream script = Objects.requireNonNull(
                        Migrations.class.getResourceAsStream("migrations/" + Migrations.SCRIPTS.get(0)))) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.executeUpdate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
            statement.executeUpdate("INSERT INTO project (key, name) VALUES ('/old', 'old')");
            statement.executeUpdate("PRAGMA user_version = 1");
        }
    }

    private List<Path> backups() throws IOException {
        Path backups = directory.resolve(SchemaBackup.DIRECTORY);
        if (!Files.isDirectory(backups)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(backups)) {
            return files.sorted().toList();
        }
    }

    @Test
    void anOlderDatabaseIsCopiedBeforeItsSchemaChanges() throws Exception {
        makeFirstSchema();
        try (StoreFixture store = new StoreFixture(directory)) {
            assertThat(store.number("PRAGMA user_version")).isEqualTo(Migrations.newest());
        }
        List<Path> made = backups();
        assertThat(made).hasSize(1);
        Path copy = made.get(0);
        assertThat(copy.getFileName().toString()).matches("cairn-schema1-\\d{8}T\\d{6}Z\\.db");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.resolveSibling("."))))
                .isEqualTo("rwx------");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT (SELECT user_version FROM pragma_user_version), (SELECT name FROM project)")) {
            assertThat(row.getInt(1)).isEqualTo(1);
            assertThat(row.getString(2)).isEqualTo("old");
        }
        new StoreFixture(directory).close();
        assertThat(backups()).as("no change, no copy").hasSize(1);
    }

    @Test
    void aNewDatabaseIsNotCopied() throws IOException {
        new StoreFixture(directory).close();
        assertThat(backups()).isEmpty();
    }

    @Test
    void theNewestThreeAreKept() throws Exception {
        Files.createDirectory(directory.resolve(SchemaBackup.DIRECTORY));
        for (String name : List.of(
                "cairn-schema9-20200101T000000Z.db",
                "cairn-schema1-20210101T000000Z.db",
                "cairn-schema1-20220101T000000Z.db",
                "mine.db")) {
            Files.createFile(directory.resolve(SchemaBackup.DIRECTORY).resolve(name));
        }
        makeFirstSchema();
        new StoreFixture(directory).close();
        assertThat(backups())
                .extracting(file -> file.getFileName().toString())
                .hasSize(4)
                .contains("mine.db", "cairn-schema1-20220101T000000Z.db", "cairn-schema1-20210101T000000Z.db")
                .doesNotContain("cairn-schema9-20200101T000000Z.db");
    }

    @Test
    void withoutACopyTheSchemaStays() throws Exception {
        makeFirstSchema();
        byte[] before = Files.readAllBytes(directory.resolve("cairn.db"));
        // Where the copies belong there is something else.
        Files.createFile(directory.resolve(SchemaBackup.DIRECTORY));
        CairnException refused = catchThrowableOfType(CairnException.class, () -> new StoreFixture(directory).close());
        assertThat(refused).hasMessageContaining("was not brought to").hasMessageContaining("backups");
        assertThat(Files.readAllBytes(directory.resolve("cairn.db"))).isEqualTo(before);
    }
}

package dev.cairn.store;

import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.DatabaseReport;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks for damage in a database, and recovers what can be read of a damaged one into a new one. The damaged file is put
 * aside, never removed or changed. Blocks; no worker may run while it repairs.
 */
public final class DatabaseRepair {
    static final String ASIDE = "damaged";

    private static final String WORK = "repair.tmp";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path database;

    /** @param database the file; it must be there */
    public DatabaseRepair(Path database) {
        this.database = database;
    }

    /** Looks at everything and changes nothing. A worker may run. */
    public DatabaseReport check() {
        List<String> problems = DatabaseCheck.of(database);
        return new DatabaseReport(problems.isEmpty(), problems, null, List.of());
    }

    /**
     * Repairs when something is wrong.
     *
     * @param now names the file that is put aside
     * @throws CairnException CONFLICT for a file that is not ours, or of a newer build; STORAGE_FULL and the like when the new
     *     database cannot be written. Nothing was changed then
     */
    public DatabaseReport repair(Instant now) {
        List<String> problems = DatabaseCheck.of(database);
        if (problems.isEmpty()) {
            return new DatabaseReport(true, problems, null, List.of());
        }
        Path work = database.resolveSibling(WORK);
        try {
            remove(work);
            OwnerOnly.directory(work);
            List<DatabaseReport.Table> tables = recover(work);
            List<String> left = DatabaseCheck.of(work.resolve("new.db"));
            if (!left.isEmpty()) {
                throw new CairnException(ErrorCode.INTERNAL, "the recovered database is not sound: " + left);
            }
            Path aside = putAside(now);
            Files.move(work.resolve("new.db"), database, StandardCopyOption.ATOMIC_MOVE);
            return new DatabaseReport(false, problems, aside.toString(), tables);
        } catch (IOException | SQLException e) {
            throw StoreErrors.ofDisk(e);
        } finally {
            removeWork(work);
        }
    }

    private List<DatabaseReport.Table> recover(Path work) throws IOException, SQLException {
        Database made = new Database(work.resolve("new.db"), true);
        try (Connection to = made.openWriter()) {
            try (Connection from = DamagedFile.open(database, work)) {
                List<DatabaseReport.Table> tables = new Recovery(from, to).run();
                Database.execute(to, "PRAGMA wal_checkpoint(TRUNCATE)");
                Database.execute(to, "PRAGMA optimize");
                return tables;
            }
        }
    }

    /** The log goes first: beside another database it would be taken for that one's. */
    private Path putAside(Instant now) throws IOException {
        Path directory = database.resolveSibling(ASIDE);
        OwnerOnly.directory(directory);
        String name = "cairn-" + TIME.format(now);
        Path aside = directory.resolve(name + ".db");
        for (int i = 2; Files.exists(aside) || Files.exists(beside(aside, "-wal")); i++) {
            aside = directory.resolve(name + "-" + i + ".db");
        }
        Path log = beside(database, "-wal");
        if (Files.exists(log)) {
            Files.move(log, beside(aside, "-wal"));
        }
        Files.deleteIfExists(beside(database, "-shm"));
        Files.move(database, aside);
        return aside;
    }

    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void removeWork(Path directory) {
        try {
            remove(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("what the repair worked with is left in " + directory, e);
        }
    }
}

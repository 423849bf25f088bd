package dev.cairn.store;

import dev.cairn.model.BackupReport;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A copy of the database in one file, made while a worker writes into it or while none runs. Blocks. */
public final class DatabaseBackup {
    private final Path database;

    /** @param database the file; it must be there */
    public DatabaseBackup(Path database) {
        this.database = database;
    }

    /**
     * Copies all that was committed when it began, and looks through the copy for damage before it has its name.
     *
     * @param copy must not be there, but its directory
     * @throws CairnException CONFLICT when the copy's name is taken, or the database is not ours or of a newer build;
     *     INVALID when the copy's directory is missing; STORAGE_FULL and the like when it cannot be written; UNAVAILABLE when the
     *     database is damaged. Nothing is left of the copy then
     */
    public BackupReport to(Path copy) {
        Path directory = copy.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw CairnException.invalid(
                    "FILE", "there is no directory " + directory + "; make it, or give another FILE");
        }
        if (Files.exists(copy)) {
            throw new CairnException(ErrorCode.CONFLICT, copy + " is there already; remove it, or give another FILE");
        }
        try (Connection connection = new Database(database, false).openAsItIs()) {
            DatabaseCopy.make(connection, copy, DatabaseBackup::requireSound);
            return new BackupReport(copy.toString(), Files.size(copy), memories(copy));
        } catch (IOException | SQLException e) {
            throw StoreErrors.ofDisk(e);
        }
    }

    private static void requireSound(Path copy) {
        List<String> problems = DatabaseCheck.of(copy);
        if (!problems.isEmpty()) {
            throw StoreErrors.damaged("the copy is not sound: " + String.join("; ", problems), null);
        }
    }

    private static long memories(Path copy) throws SQLException {
        try (Connection connection = Database.openOnly(copy);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM memory")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}

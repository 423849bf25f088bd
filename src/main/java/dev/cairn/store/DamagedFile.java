package dev.cairn.store;

import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens what is left of a database for reading. */
final class DamagedFile {
    private static final int CHANGES_OF_SIZE_AT = 92;

    private DamagedFile() {}

    /**
     * Opens the file as it is; when not even its first page can be read, a copy with the first page of a fresh database.
     *
     * <p>The first page says where every table begins. SQLite keeps the roots of a database with incremental vacuum together
     * at its begin, in the order in which the tables were made, so the same migrations put them in the same places.
     *
     * @param work a directory for the copy
     */
    static Connection open(Path file, Path work) throws IOException, SQLException {
        Connection connection = null;
        try {
            connection = Database.openOnly(file);
            if (knowsItsTables(connection)) {
                return connection;
            }
        } catch (SQLException unreadable) {
            // So unreadable that it cannot even be opened: the other way remains.
            close(connection, unreadable);
            return openCopy(file, work);
        }
        connection.close();
        return openCopy(file, work);
    }

    private static void close(@org.jspecify.annotations.Nullable Connection connection, SQLException because)
            throws SQLException {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                e.addSuppressed(because);
                throw e;
            }
        }
    }

    private static boolean knowsItsTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM sqlite_schema WHERE name IN ('project', 'session', 'turn', 'memory',"
                                + " 'tool_use')")) {
            return row.next() && row.getInt(1) == 5;
        }
    }

    private static Connection openCopy(Path file, Path work) throws IOException, SQLException {
        Path copy = work.resolve("copy.db");
        Path template = work.resolve("template.db");
        try (Connection fresh = new Database(template, false).openWriter()) {
            Database.execute(fresh, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        OwnerOnly.ensure(copy);
        try (var out = Files.newOutputStream(copy)) {
            Files.copy(file, out);
        }
        Path log = DatabaseRepair.beside(file, "-wal");
        if (Files.exists(log)) {
            Files.copy(log, DatabaseRepair.beside(copy, "-wal"));
        }
        byte[] page;
        try (var in = Files.newInputStream(template)) {
            page = in.readNBytes(pageSize(template));
        }
        // Says that the page count in the header is not to be believed: the file's size is.
        ByteBuffer.wrap(page).putInt(CHANGES_OF_SIZE_AT, 0);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(page), 0);
        }
        return Database.openOnly(copy);
    }

    private static int pageSize(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(18);
            int size = ByteBuffer.wrap(header).getShort(16) & 0xFFFF;
            return size == 1 ? 65_536 : size;
        }
    }
}

package dev.cairn.store;

import dev.cairn.config.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Copies a database while it is used: what is not whole, and on the disk, never has the copy's name. Blocks. */
final class DatabaseCopy {
    private static final String UNFINISHED = ".part";

    /** Looks at a copy before it has its name. */
    interface Inspection {
        void look(Path copy);
    }

    private DatabaseCopy() {}

    /**
     * Copies the database as the connection sees it, its log included, for the owner alone.
     *
     * @param inspection what it throws refuses the copy, which is removed then
     */
    static void make(Connection connection, Path copy, Inspection inspection) throws IOException, SQLException {
        Path unfinished = copy.resolveSibling(copy.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        try {
            // SQLite writes into an empty file and leaves its permissions.
            OwnerOnly.ensure(unfinished);
            try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, unfinished.toString());
                vacuum.execute();
            }
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            inspection.look(unfinished);
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}

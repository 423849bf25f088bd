package dev.cairn.store;

import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A copy of the database before its schema changes: the way back to the older build. Blocks. */
final class SchemaBackup {
    static final String DIRECTORY = "backups";
    /** So many are kept, the newest. */
    static final int KEPT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(SchemaBackup.class);
    private static final String PREFIX = "cairn-schema";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private SchemaBackup() {}

    /**
     * Copies the database as the connection sees it, log included, to {@code backups/cairn-schema<version>-<UTC time>.db}.
     *
     * @throws CairnException STORAGE_FULL or UNAVAILABLE when it cannot be made; nothing was changed then
     */
    static Path make(Connection connection, Path database, int version, Instant now) {
        Path directory = database.resolveSibling(DIRECTORY);
        Path copy = directory.resolve(PREFIX + version + "-" + TIME.format(now) + ".db");
        try {
            OwnerOnly.directory(directory);
            DatabaseCopy.make(connection, copy, unfinished -> {});
            LOG.info("The database of schema {} was copied to {}", version, copy);
            removeOld(directory);
            return copy;
        } catch (IOException | SQLException e) {
            throw failed(e, directory, version);
        }
    }

    private static CairnException failed(Exception e, Path directory, int version) {
        CairnException known = StoreErrors.ofDisk(e);
        return new CairnException(
                known.code(),
                "the database has schema " + version + " and was not brought to " + Migrations.newest()
                        + ", because the copy to go back to could not be made in " + directory + ": "
                        + known.getMessage(),
                null,
                e);
    }

    private static void removeOld(Path directory) throws IOException {
        List<Path> copies;
        try (Stream<Path> files = Files.list(directory)) {
            copies = files.filter(file -> file.getFileName().toString().matches(PREFIX + "\\d+-.*\\.db"))
                    .sorted(Comparator.comparing(SchemaBackup::time).reversed())
                    .toList();
        }
        for (Path old : copies.subList(Math.min(KEPT, copies.size()), copies.size())) {
            Files.delete(old);
        }
    }

    private static String time(Path copy) {
        String name = copy.getFileName().toString();
        return name.substring(name.indexOf('-', PREFIX.length()));
    }
}

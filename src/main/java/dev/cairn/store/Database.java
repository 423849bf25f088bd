package dev.cairn.store;

import dev.cairn.config.OwnerOnly;
import dev.cairn.config.StoreConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** The database's file: whose it is, who may read it, and how connections to it are set up. Every method blocks. */
final class Database {
    static final int APPLICATION_ID = 0x4341524E;

    private static final int BUSY_TIMEOUT_MS = 5_000;
    /** Of each connection, in KiB; negative is SQLite's way to say so. */
    private static final int CACHE_KIB = -16_384;

    /** The checkpointer folds the log in long before it has grown to this; the writer does when it cannot. */
    private static final int LOG_PAGES = 16_000;

    private static final String HEADER = "SQLite format 3\0";
    private static final int HEADER_BYTES = 100;
    private static final int PAGE_SIZE_AT = 16;
    private static final int CHANGES_AT = 24;
    private static final int PAGES_AT = 28;
    private static final int VERSION_AT = 60;
    private static final int APPLICATION_AT = 68;
    private static final int CHANGES_OF_SIZE_AT = 92;

    private final Path file;
    private final boolean fullSync;

    Database(Path file, StoreConfig config) {
        this(file, config.fullSync());
    }

    Database(Path file, boolean fullSync) {
        this.file = file;
        this.fullSync = fullSync;
    }

    Path file() {
        return file;
    }

    /** The size of the database with its log. */
    long bytes() {
        return size(file) + size(log());
    }

    private Path log() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            // The log is not always there.
            return 0;
        }
    }

    /**
     * Opens the database for writing; makes it, or brings it to this build's schema, when needed.
     *
     * @throws CairnException CONFLICT for a newer schema or a file that is not ours, which stays as it is; UNAVAILABLE when
     *     it cannot be written
     */
    Connection openWriter() {
        prepareFiles();
        try {
            requireOurs();
            SQLiteConfig config = config();
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            Connection connection = source(config).getConnection();
            try {
                int version = pragma(connection, "user_version");
                if (version > 0 && version < Migrations.newest()) {
                    SchemaBackup.make(connection, file, version, Instant.now());
                }
                // Before the log's mode, which writes the first page and with it fixes the kind of vacuum.
                execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
                execute(connection, "PRAGMA journal_mode = WAL");
                execute(connection, "PRAGMA wal_autocheckpoint = " + LOG_PAGES);
                // What was forgotten is overwritten, and does not lie in free pages until they are used again.
                execute(connection, "PRAGMA secure_delete = ON");
                Migrations.run(connection, version);
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw StoreErrors.toCairn(e);
        }
    }

    /** A connection that folds the log into the database. The writer must be open. */
    Connection openCheckpointer() {
        try {
            return source(config()).getConnection();
        } catch (SQLException e) {
            throw StoreErrors.toCairn(e);
        }
    }

    /**
     * Opens the database as it is, for reading alone; its writer may be another process, or none. Nothing is made or changed.
     *
     * @throws CairnException UNAVAILABLE when there is none or it cannot be read; CONFLICT when it is not ours, or has another
     *     schema than this build's
     */
    Connection openReader() {
        if (!Files.isRegularFile(file)) {
            throw CairnException.unavailable(
                    "there is no database " + file + "; start the worker first, or give its data directory");
        }
        try {
            requireOurs();
            Connection connection = source(readOnly()).getConnection();
            try {
                Migrations.requireNewest(pragma(connection, "user_version"), file);
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw StoreErrors.toCairn(e);
        }
    }

    /**
     * Opens it for reading, whatever its schema, to look for damage.
     *
     * @throws CairnException CONFLICT when it belongs to another program or a newer build; UNAVAILABLE when its begin or its
     *     end is damaged
     */
    Connection openAsItIs() throws SQLException {
        byte[] header = header();
        if (header.length < HEADER_BYTES || !isSqlite(header)) {
            throw StoreErrors.damaged(file + " does not begin as a database does", null);
        }
        requireOurs();
        return openOnly(file);
    }

    /** A connection that changes nothing. */
    static Connection openOnly(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source.getConnection();
    }

    /** Connections that cannot write. The database must be open already, for writing or reading. */
    DataSource readers() {
        return ReaderSource.of(source(readOnly()));
    }

    private SQLiteConfig readOnly() {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        return config;
    }

    private SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(fullSync ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.enforceForeignKeys(true);
        config.setCacheSize(CACHE_KIB);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // Where keys are wanted the statement returns them; the driver would examine the text of each for whether it
        // inserts.
        config.setGetGeneratedKeys(false);
        return config;
    }

    private SQLiteDataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private void prepareFiles() {
        Path directory = file.toAbsolutePath().getParent();
        try {
            if (directory != null) {
                OwnerOnly.directory(directory);
            }
            if (Files.isDirectory(file)) {
                throw new CairnException(ErrorCode.CONFLICT, file + " is a directory; move it away");
            }
            // SQLite gives its log the database's permissions.
            OwnerOnly.ensure(file);
        } catch (IOException e) {
            throw new CairnException(
                    ErrorCode.UNAVAILABLE,
                    "the data directory " + directory + " cannot be written (" + e
                            + "); check its owner and permissions",
                    null,
                    e);
        }
        if (!Files.isWritable(file)) {
            throw CairnException.unavailable(file + " cannot be written; check its owner and permissions");
        }
    }

    /** Reads the header with plain file access first: SQLite itself would touch a foreign file. */
    private void requireOurs() throws SQLException {
        byte[] header = header();
        if (header.length == 0) {
            return;
        }
        if (header.length < HEADER_BYTES || !isSqlite(header)) {
            throw notOurs("it is not a SQLite database, or one whose begin is damaged; then run " + StoreErrors.REPAIR);
        }
        ByteBuffer bytes = ByteBuffer.wrap(header);
        int applicationId = bytes.getInt(APPLICATION_AT);
        if (applicationId == APPLICATION_ID) {
            Migrations.requireKnown(bytes.getInt(VERSION_AT), file);
        } else if (applicationId != 0) {
            throw notOurs("it belongs to another program");
        }
        requireWhole(bytes);
        // The newest word may still be in the log.
        try (Connection connection = source(readOnly()).getConnection()) {
            Migrations.requireKnown(pragma(connection, "user_version"), file);
            if (pragma(connection, "application_id") != APPLICATION_ID && hasTables(connection)) {
                throw notOurs("it belongs to another program");
            }
        }
    }

    private static boolean isSqlite(byte[] header) {
        return new String(header, 0, HEADER.length(), StandardCharsets.ISO_8859_1).equals(HEADER);
    }

    /** A file that lost its end is told by its header, unless what is missing may stand in the log. */
    private void requireWhole(ByteBuffer header) {
        boolean counted = header.getInt(CHANGES_AT) == header.getInt(CHANGES_OF_SIZE_AT);
        int pageSize = header.getShort(PAGE_SIZE_AT) & 0xFFFF;
        long pages = header.getInt(PAGES_AT) & 0xFFFFFFFFL;
        if (counted && pageSize > 1 && size(log()) == 0 && size(file) < pages * pageSize) {
            throw StoreErrors.damaged(file + " has " + size(file) + " of its " + pages * pageSize + " bytes", null);
        }
    }

    private byte[] header() {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(HEADER_BYTES);
        } catch (IOException e) {
            throw new CairnException(ErrorCode.UNAVAILABLE, file + " cannot be read (" + e + ")", null, e);
        }
    }

    private CairnException notOurs(String why) {
        return new CairnException(
                ErrorCode.CONFLICT,
                file + " is not a database of Cairn: " + why + "; move it away, or give another data directory");
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int pragma(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static boolean hasTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            return row.next() && row.getInt(1) > 0;
        }
    }
}

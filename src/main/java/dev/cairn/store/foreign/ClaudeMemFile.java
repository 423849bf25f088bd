package dev.cairn.store.foreign;

import dev.cairn.bus.Origin;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens claude-mem's database. All methods block. */
public final class ClaudeMemFile {
    private static final String HEADER = "SQLite format 3\0";
    private static final int HEADER_BYTES = 100;
    private static final int PAGE_SIZE_AT = 16;
    private static final int CHANGES_AT = 24;
    private static final int PAGES_AT = 28;
    private static final int APPLICATION_AT = 68;
    private static final int CHANGES_OF_SIZE_AT = 92;
    private static final int CAIRN = 0x4341524E;

    private static final int CACHE_KIB = -32_768;

    private ClaudeMemFile() {}

    /** As {@link ForeignMemory.Opener} says. */
    public static ForeignMemory open(Path file, Path directory, LongConsumer progress) {
        byte[] header = header(file);
        requireSqlite(file, header);
        DatabaseCopy copy = DatabaseCopy.make(file, directory, progress);
        try {
            requireWhole(file, copy);
            return new ClaudeMemMemory(connect(copy.file()), copy, file);
        } catch (SQLException e) {
            copy.close();
            throw refusal(file, e);
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    private static byte[] header(Path file) {
        if (!Files.exists(file)) {
            throw CairnException.invalid(
                    "FILE",
                    file + " is not there; claude-mem keeps its database as claude-mem.db in its data directory");
        }
        if (Files.isDirectory(file)) {
            throw CairnException.invalid(
                    "FILE",
                    file + " is a directory; give the database in it, such as " + file.resolve("claude-mem.db"));
        }
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(HEADER_BYTES);
        } catch (IOException e) {
            throw CairnException.invalid("FILE", file + " cannot be read (" + e + "); check its owner and permissions");
        }
    }

    private static void requireSqlite(Path file, byte[] header) {
        boolean sqlite = header.length == HEADER_BYTES
                && new String(header, 0, HEADER.length(), StandardCharsets.ISO_8859_1).equals(HEADER);
        if (!sqlite) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + (header.length == 0 ? " is empty" : " is not a SQLite database")
                            + "; give claude-mem's own database, claude-mem.db");
        }
        requireForeign(file, ByteBuffer.wrap(header).getInt(APPLICATION_AT));
    }

    /** One of our own; told by its header, or, when it is new, by what still stands in the log. */
    static void requireForeign(Path file, int applicationId) {
        if (applicationId == CAIRN) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " is a database of Cairn; take it along with 'cairn export' there and 'cairn import' here");
        }
    }

    /** A file that lost its end is told by its header, unless what is missing may stand in the log. */
    private static void requireWhole(Path file, DatabaseCopy copy) {
        ByteBuffer header = ByteBuffer.wrap(header(copy.file()));
        boolean counted = header.getInt(CHANGES_AT) == header.getInt(CHANGES_OF_SIZE_AT);
        int pageSize = header.getShort(PAGE_SIZE_AT) & 0xFFFF;
        long expected = (header.getInt(PAGES_AT) & 0xFFFFFFFFL) * (pageSize == 1 ? 65_536 : pageSize);
        long size = copy.file().toFile().length();
        if (counted && !copy.hasLog() && size < expected) {
            throw damaged(file, "it has " + size + " of its " + expected + " bytes", null);
        }
    }

    /** The copy is ours alone, and written to: what puts its rows in order is kept in it, not in memory. */
    private static Connection connect(Path copy) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.enforceForeignKeys(false);
        config.setCacheSize(CACHE_KIB);
        config.setPragma(SQLiteConfig.Pragma.RECURSIVE_TRIGGERS, "false");
        config.setGetGeneratedKeys(false);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + copy);
        Connection connection = source.getConnection();
        try (var statement = connection.createStatement()) {
            // A stranger's schema: nothing in it runs.
            statement.execute("PRAGMA trusted_schema = OFF");
            statement.execute("PRAGMA journal_mode = OFF");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** What reading failed with. */
    static CairnException refusal(Path file, SQLException e) {
        if (e instanceof SQLiteException sqlite) {
            int primary = sqlite.getResultCode().code & 0xFF;
            if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code) {
                return damaged(file, sqlite.getResultCode().name(), e);
            }
            if (primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
                return new CairnException(
                        ErrorCode.CONFLICT,
                        file + " is not a SQLite database, or an encrypted one; give claude-mem.db",
                        null,
                        e);
            }
            if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
                return new CairnException(
                        ErrorCode.STORAGE_FULL,
                        "there is no room for a copy of " + file + " in the data directory; free some space",
                        null,
                        e);
            }
        }
        return new CairnException(ErrorCode.INTERNAL, file + " cannot be read: " + e.getMessage(), null, e);
    }

    private static CairnException damaged(
            Path file, String how, java.lang.@org.jspecify.annotations.Nullable Throwable cause) {
        return new CairnException(
                ErrorCode.INTERNAL,
                file + " is damaged (" + how + "); take a whole copy of it, or recover it with"
                        + " 'sqlite3 DB .recover | sqlite3 new.db', and import that; what was taken in stays",
                null,
                cause);
    }

    /** How many rows come first in an order: sessions, then what is remembered, then tool uses. */
    static int phase(String kind) {
        return switch (kind) {
            case Origin.SESSION -> 0;
            case Origin.TOOL_USE -> 2;
            default -> 1;
        };
    }
}

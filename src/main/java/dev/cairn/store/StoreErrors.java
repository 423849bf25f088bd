package dev.cairn.store;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of the database is called outside. */
final class StoreErrors {
    /** What puts a damaged database right. */
    static final String REPAIR = "'cairn doctor --repair'";

    private static final String FULL =
            "the disk of the data directory is full; nothing was written. Free some space and try again";

    private StoreErrors() {}

    /** @param what which file, and how it shows */
    static CairnException damaged(String what, @Nullable Throwable cause) {
        return new CairnException(
                ErrorCode.UNAVAILABLE,
                "the database is damaged (" + what + "); stop the worker and run " + REPAIR
                        + ", which keeps the damaged file and recovers what can be read",
                null,
                cause);
    }

    /** A {@link CairnException} as it is; a full disk, an unreadable file and the like by their own codes; else INTERNAL. */
    static CairnException toCairn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CairnException known) {
                return known;
            }
            if (cause instanceof SQLiteException sqlite) {
                return ofSqlite(sqlite, failure);
            }
        }
        String message = String.valueOf(failure.getMessage());
        if (message.contains("wait queue size") || message.contains("Timeout waiting for connection")) {
            return new CairnException(
                    ErrorCode.UNAVAILABLE,
                    "too many reads wait for the database; try again in a moment or raise store.readers",
                    null,
                    failure);
        }
        String what = failure instanceof SQLException ? "the database refused a statement" : "the store failed";
        return new CairnException(ErrorCode.INTERNAL, what + "; the log says more", null, failure);
    }

    /** The same for plain files: a full disk says so in words only. */
    static CairnException ofDisk(Exception failure) {
        if (failure instanceof IOException io) {
            boolean full = String.valueOf(io.getMessage()).contains("No space left");
            return new CairnException(
                    full ? ErrorCode.STORAGE_FULL : ErrorCode.UNAVAILABLE,
                    full ? FULL : "the data directory cannot be written (" + io + "); check its owner and permissions",
                    null,
                    failure);
        }
        return toCairn(failure);
    }

    /** Whether the file itself is damaged. */
    static boolean isDamage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return isDamage(sqlite.getResultCode().code & 0xFF);
            }
        }
        return false;
    }

    private static boolean isDamage(int primary) {
        return primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    private static CairnException ofSqlite(SQLiteException sqlite, Throwable failure) {
        int code = sqlite.getResultCode().code;
        // Extended codes keep the primary one in the low byte.
        int primary = code & 0xFF;
        if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
            return new CairnException(ErrorCode.STORAGE_FULL, FULL, null, failure);
        }
        if (isDamage(primary)) {
            return damaged(sqlite.getResultCode().name(), failure);
        }
        String reason = reason(primary);
        if (reason != null) {
            return new CairnException(
                    ErrorCode.UNAVAILABLE,
                    reason + " (" + sqlite.getResultCode().name() + ")",
                    null,
                    failure);
        }
        return new CairnException(
                ErrorCode.INTERNAL, "the database refused a statement; the log says more", null, failure);
    }

    private static @Nullable String reason(int primary) {
        if (primary == SQLiteErrorCode.SQLITE_READONLY.code) {
            return "the database cannot be written; check the permissions of the data directory";
        }
        if (primary == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "the disk of the data directory failed; check it and try again";
        }
        if (primary == SQLiteErrorCode.SQLITE_CANTOPEN.code || primary == SQLiteErrorCode.SQLITE_PERM.code) {
            return "the database cannot be opened; check the permissions of the data directory";
        }
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return "another program holds the database; close it and try again";
        }
        return null;
    }
}

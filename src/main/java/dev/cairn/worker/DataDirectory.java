package dev.cairn.worker;

import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory everything is kept in: for its owner's eyes only. */
final class DataDirectory {
    /**
     * Where JNA unpacks its library, which it removes once it is loaded. By itself it leaves a directory in the cache of the user for
     * good; in the data directory a full disk would keep the worker from saying what is wrong.
     */
    private static final String NATIVE_FILES = "jna.tmpdir";

    private DataDirectory() {}

    /**
     * Makes the directory and those within it that the worker writes to.
     *
     * @throws CairnException UNAVAILABLE in one clear line when it cannot be made or written
     */
    static void prepare(Path dataDir) {
        try {
            OwnerOnly.directory(dataDir);
            OwnerOnly.directory(dataDir.resolve("logs"));
            if (System.getProperty(NATIVE_FILES) == null) {
                System.setProperty(NATIVE_FILES, System.getProperty("java.io.tmpdir"));
            }
        } catch (IOException e) {
            throw new CairnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot use the data directory " + dataDir + " ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); make it writable or set CAIRN_DATA_DIR",
                    null,
                    e);
        }
        if (!Files.isWritable(dataDir)) {
            throw new CairnException(
                    ErrorCode.UNAVAILABLE,
                    "the data directory " + dataDir + " is not writable; change its owner or set CAIRN_DATA_DIR");
        }
    }
}

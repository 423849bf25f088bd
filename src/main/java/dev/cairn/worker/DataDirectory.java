package dev.cairn.worker;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory everything is kept in: for its owner's eyes only. */
final class DataDirectory {
    private DataDirectory() {}

    /**
     * Makes the directory and those within it that the worker writes to.
     *
     * @throws CairnException UNAVAILABLE in one clear line when it cannot be made or written
     */
    static void prepare(Path dataDir) {
        try {
            Files.createDirectories(dataDir);
            restrict(dataDir, "rwx------");
            Path logs = dataDir.resolve("logs");
            Files.createDirectories(logs);
            restrict(logs, "rwx------");
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

    static void ownerOnly(Path file) throws IOException {
        restrict(file, "rw-------");
    }

    private static void restrict(Path path, String permissions) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString(permissions));
        }
    }
}

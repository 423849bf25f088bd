package dev.cairn.vector;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands under {@code chroma} in the data directory. Its methods that say so block. */
final class ChromaFiles {
    private static final String CONSTRAINTS = "chroma-constraints.txt";

    private final Path directory;

    ChromaFiles(Path dataDir) {
        directory = dataDir.resolve("chroma");
    }

    /** Chroma's own database. */
    Path database() {
        return directory.resolve("db");
    }

    /** The server's working directory, which is empty: it would read settings from a file there. */
    Path work() {
        return directory.resolve("work");
    }

    /** The pinned versions. */
    Path constraints() {
        return directory.resolve("constraints.txt");
    }

    /** Chroma's SQLite file; there is an index when it is there. */
    boolean hasDatabase() {
        return Files.exists(database().resolve("chroma.sqlite3"));
    }

    /** Held by whoever changes the index, and by a reader while it starts. */
    Path turn() {
        return directory.resolve("turn.lock");
    }

    /** Says which index there is, and how often it was written. */
    Path mark() {
        return directory.resolve("mark");
    }

    /** Holds what was installed last. */
    Path stamp() {
        return directory.resolve("installed");
    }

    /** Makes the directories and writes the pinned versions. Blocks. */
    void prepare() {
        try {
            for (Path each : List.of(directory, work(), database())) {
                Files.createDirectories(each);
            }
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
            try (InputStream pinned = ChromaFiles.class.getResourceAsStream(CONSTRAINTS)) {
                if (pinned == null) {
                    throw new IllegalStateException("the build lacks " + CONSTRAINTS);
                }
                Files.copy(pinned, constraints(), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Takes the right to write into this directory; held until the channel is closed or the process ends. Blocks.
     *
     * @return null when another process has it
     */
    @Nullable
    FileChannel lock() {
        try {
            FileChannel channel = FileChannel.open(
                    directory.resolve("writer.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                // Another worker in this JVM has it: the same answer as for one in another process.
                lock = null;
            } finally {
                if (lock == null) {
                    channel.close();
                }
            }
            return lock == null ? null : channel;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Moves Chroma's database aside, over what was put aside before. Chroma must not be running. Blocks. */
    void putAside() {
        Path aside = directory.resolve("db.broken");
        try {
            deleteTree(aside);
            Files.move(database(), aside);
        } catch (NoSuchFileException e) {
            // It is gone already.
        } catch (IOException e) {
            throw unwritable(e);
        }
        prepare();
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private CairnException unwritable(IOException e) {
        return new CairnException(
                ErrorCode.UNAVAILABLE,
                directory + " cannot be written (" + e + "); check its owner and permissions",
                null,
                e);
    }
}

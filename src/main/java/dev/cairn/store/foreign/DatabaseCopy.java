package dev.cairn.store.foreign;

import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a SQLite database that another program may be writing at this moment.
 *
 * <p>SQLite itself would touch the file's neighbours: a reader of a database in WAL mode makes {@code -wal} and {@code -shm} where there are
 * none and writes its mark into the latter, and one that looks at the file alone ({@code immutable}) does not see what still stands in the
 * log. So the files are copied by plain reads, database first and log last, and the copy counts when nothing moved meanwhile from
 * the log into the database: then the database's time and size and the log's header are the same before and after. What was appended to the
 * log in between has no end that counts, or belongs to the copy; both are whole. Otherwise it is copied again.
 */
final class DatabaseCopy implements AutoCloseable {
    private static final String NAME = "copy.db";
    private static final String LOCK = "lock";
    private static final List<String> NEIGHBOURS = List.of("-wal", "-journal");
    private static final List<String> OURS = List.of(NAME, NAME + "-wal", NAME + "-journal", NAME + "-shm");

    /** The begin of a log: salts and checksum are new each time it is begun anew. */
    private static final int LOG_HEADER = 32;

    private static final int TRIES = 8;
    /** A file that changed so shortly before may change again without another time. */
    private static final long SETTLED_MS = 60;

    private static final int CHUNK = 1 << 20;
    /** Indexes and lists that are made in the copy. */
    private static final long ROOM = 64L << 20;

    private final Path source;
    private final Path directory;
    private final FileChannel lockFile;
    private final LongConsumer progress;

    private DatabaseCopy(Path source, Path directory, FileChannel lockFile, LongConsumer progress) {
        this.source = source;
        this.directory = directory;
        this.lockFile = lockFile;
        this.progress = progress;
    }

    /** How the source is at one moment. */
    private record State(long size, Instant time, String log, long journal) {}

    /**
     * Copies the database.
     *
     * @param directory is made if needed; what a killed run left in it goes first
     */
    static DatabaseCopy make(Path source, Path directory, LongConsumer progress) {
        try {
            OwnerOnly.directory(directory);
            FileChannel lockFile = OwnerOnly.open(
                    directory.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            DatabaseCopy copy = new DatabaseCopy(source, directory, lockFile, progress);
            try {
                copy.lock();
                copy.clear();
                copy.copy();
                return copy;
            } catch (IOException | RuntimeException e) {
                copy.close();
                throw e;
            }
        } catch (IOException e) {
            throw refusal(source, e);
        }
    }

    Path file() {
        return directory.resolve(NAME);
    }

    /** Whether there is a log beside the copy, in which a part of it may stand. */
    boolean hasLog() {
        return Files.exists(directory.resolve(NAME + "-wal")) || Files.exists(directory.resolve(NAME + "-journal"));
    }

    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new CairnException(
                    ErrorCode.CONFLICT, "another import runs already; wait for its end, then start this one again");
        }
    }

    private void clear() throws IOException {
        for (String name : OURS) {
            Files.deleteIfExists(directory.resolve(name));
        }
    }

    private void copy() throws IOException {
        requireRoom();
        for (int i = 0; i < TRIES; i++) {
            State before = settled();
            clear();
            copy(source, file());
            for (String neighbour : NEIGHBOURS) {
                copyIfThere(beside(neighbour), directory.resolve(NAME + neighbour));
            }
            if (before != null && before.equals(state())) {
                return;
            }
        }
        throw new CairnException(
                ErrorCode.TIMEOUT,
                source
                        + " is being written to all the time; stop the worker that uses it for a moment and import again");
    }

    private void requireRoom() throws IOException {
        long needed = Files.size(source) + size(beside("-wal")) + ROOM;
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < needed) {
            throw new CairnException(
                    ErrorCode.STORAGE_FULL,
                    "a copy of " + source + " is read, which needs " + (needed >> 20) + " MiB, and " + directory
                            + " has room for " + (free >> 20)
                            + " MiB; free some space, or give another data directory");
        }
    }

    /** The state, at a moment when a further change would show; null when it never comes to rest. */
    private @Nullable State settled() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            State state = state();
            if (state.time().plusMillis(SETTLED_MS).isBefore(Instant.now())) {
                return state;
            }
            try {
                Thread.sleep(SETTLED_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    private State state() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class);
        return new State(
                attributes.size(), attributes.lastModifiedTime().toInstant(), logHeader(), size(beside("-journal")));
    }

    private String logHeader() throws IOException {
        try (var in = Files.newInputStream(beside("-wal"))) {
            return HexFormat.of().formatHex(in.readNBytes(LOG_HEADER));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private Path beside(String suffix) {
        return source.resolveSibling(source.getFileName() + suffix);
    }

    private void copyIfThere(Path from, Path to) throws IOException {
        try {
            copy(from, to);
        } catch (NoSuchFileException e) {
            // A log comes and goes with whoever uses the database.
            Files.deleteIfExists(to);
        }
    }

    private void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = OwnerOnly.open(to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
            while (in.read(buffer) >= 0) {
                progress.accept(buffer.position());
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
        }
    }

    private static CairnException refusal(Path source, IOException e) {
        if (e instanceof AccessDeniedException) {
            return CairnException.invalid("FILE", source + " may not be read; check its owner and permissions");
        }
        if (e instanceof NoSuchFileException) {
            return CairnException.invalid("FILE", source + " went away; give the path of the database");
        }
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return new CairnException(
                full ? ErrorCode.STORAGE_FULL : ErrorCode.INTERNAL,
                full
                        ? "there is no room for a copy of " + source + " in the data directory; free some space"
                        : source + " cannot be copied (" + e + ")",
                null,
                e);
    }

    /** The copy goes. */
    @Override
    public void close() {
        try (lockFile) {
            clear();
        } catch (IOException e) {
            throw new CairnException(
                    ErrorCode.INTERNAL,
                    "the copy in " + directory + " cannot be removed (" + e + "); delete it",
                    null,
                    e);
        }
    }
}

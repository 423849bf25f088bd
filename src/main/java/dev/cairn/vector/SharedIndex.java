package dev.cairn.vector;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one who writes the index and those who read it in other processes agree on by two files: a lock, so that none starts
 * to read while it is changed, and a mark, which tells a reader that its view is old.
 *
 * <p>Chroma keeps its vectors in memory and looks at the disk once, at the first query: what another process writes later it
 * never sees. That one look may write files too, at which it must be alone.
 */
final class SharedIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SharedIndex.class);

    /** How long one waits for the other, in milliseconds: a batch may take as long as a call to Chroma may. */
    static final long WAIT_MS = 90_000;

    private static final long LOOK_MS = 50;

    enum Change {
        /** Documents came, changed or went. */
        WRITTEN,
        /** It is another index now; what was read of the old one is void before the change begins. */
        REPLACED
    }

    /**
     * @param index names the index; another name is another index
     * @param writes how often it was written
     */
    record Mark(String index, long writes) {
        static Mark fresh() {
            return new Mark(UUID.randomUUID().toString(), 0);
        }

        Mark next() {
            return new Mark(index, writes + 1);
        }

        boolean sameIndex(Mark other) {
            return index.equals(other.index);
        }
    }

    private final Vertx vertx;
    private final ChromaFiles files;

    SharedIndex(Vertx vertx, ChromaFiles files) {
        this.vertx = vertx;
        this.files = files;
    }

    /** Changes the index when no reader starts. */
    <T> Future<T> alone(Change change, Supplier<Future<T>> work) {
        return turn(any -> {
            Future<T> done = change == Change.REPLACED ? noted(change).compose(noted -> work.get()) : work.get();
            // One that failed may have written a part.
            return change == Change.WRITTEN
                    ? done.transform(result -> noted(change).transform(noted -> done))
                    : done;
        });
    }

    /**
     * Runs it when nobody changes the index, and nobody does before its future is complete.
     *
     * @return fails with a {@code CairnException} UNAVAILABLE when there is no index, or it is being changed for too long
     */
    <T> Future<T> still(Function<Mark, Future<T>> work) {
        // Only the writer makes files here, the lock among them.
        return there().compose(any -> turn(held -> there().compose(work)));
    }

    private Future<Mark> there() {
        return vertx.executeBlocking(
                () -> {
                    Mark mark = files.hasDatabase() ? read(files.mark()) : null;
                    if (mark == null) {
                        throw CairnException.unavailable("there is no vector index yet");
                    }
                    return mark;
                },
                false);
    }

    /** The mark as it is now; null when there is none. */
    Future<@Nullable Mark> mark() {
        return vertx.executeBlocking(() -> read(files.mark()), false);
    }

    private <T> Future<T> turn(Function<FileChannel, Future<T>> work) {
        return vertx.executeBlocking(
                        () -> FileChannel.open(files.turn(), StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        false)
                .compose(channel -> locked(channel, System.nanoTime() + WAIT_MS * 1_000_000)
                        .compose(held -> work.apply(channel))
                        .eventually(() -> vertx.executeBlocking(
                                () -> {
                                    channel.close();
                                    return channel;
                                },
                                false)));
    }

    private Future<FileLock> locked(FileChannel channel, long end) {
        return vertx.executeBlocking(() -> tryLock(channel), false).compose(lock -> {
            if (lock != null) {
                return Future.succeededFuture(lock);
            }
            return System.nanoTime() > end
                    ? Future.failedFuture(CairnException.unavailable("the vector index is in use by another process"))
                    : vertx.timer(LOOK_MS).compose(passed -> locked(channel, end));
        });
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held within this JVM: the same answer as for one in another process.
            return null;
        }
    }

    private Future<Mark> noted(Change change) {
        return vertx.executeBlocking(
                () -> {
                    Mark before = read(files.mark());
                    Mark now = before == null || change == Change.REPLACED ? Mark.fresh() : before.next();
                    write(files.mark(), now);
                    return now;
                },
                false);
    }

    /** Sees to it that there is a mark. Blocks. */
    static void ensureMark(ChromaFiles files) throws IOException {
        if (read(files.mark()) == null) {
            write(files.mark(), Mark.fresh());
        }
    }

    private static @Nullable Mark read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        String[] parts = text.strip().split(" ", -1);
        if (parts.length != 2 || !parts[1].matches("\\d{1,18}")) {
            LOG.warn("{} is not readable; it is made anew", file);
            return null;
        }
        return new Mark(parts[0], Long.parseLong(parts[1]));
    }

    private static void write(Path file, Mark mark) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, mark.index() + " " + mark.writes() + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

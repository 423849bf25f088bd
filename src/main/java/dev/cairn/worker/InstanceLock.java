package dev.cairn.worker;

import dev.cairn.config.InstanceFile;
import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * One worker for each data directory, held by an operating system's file lock: it goes with its owner, however that dies,
 * so a file left behind blocks nobody. All methods block shortly; they belong on a worker thread.
 */
public final class InstanceLock implements AutoCloseable {
    /** Beyond the content, so that others can read the file where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws CairnException CONFLICT when another worker serves this directory; UNAVAILABLE when the file is not writable
     */
    public static InstanceLock acquire(Path dataDir) {
        Path file = dataDir.resolve(InstanceFile.NAME);
        try {
            // The channel must stay the only one of this JVM on the file: closing any drops the lock.
            FileChannel channel = OwnerOnly.open(
                    file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            OwnerOnly.file(file);
            if (!lock(channel)) {
                channel.close();
                throw new CairnException(ErrorCode.CONFLICT, runningAlready(dataDir));
            }
            channel.truncate(0);
            return new InstanceLock(channel);
        } catch (IOException e) {
            throw new CairnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot write " + file + ": " + e.getMessage() + "; check its owner",
                    null,
                    e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another worker of this very JVM holds it.
            return false;
        }
    }

    private static String runningAlready(Path dataDir) {
        return InstanceFile.read(dataDir)
                .map(other -> "a worker (pid " + other.pid() + ", " + other.url() + ") serves " + dataDir
                        + " already; stop it with 'cairn stop' or choose another data directory")
                .orElse("another worker is starting on " + dataDir + "; wait for it or choose another data directory");
    }

    /** Says who holds the lock. */
    public void announce(InstanceFile self) throws IOException {
        channel.truncate(0);
        ByteBuffer bytes = ByteBuffer.wrap((self.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        long position = 0;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** Empties the file and lets go of the lock. The file itself stays: removing it would race with the next owner. */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }
}

package dev.cairn.vector;

import dev.cairn.config.OwnerOnly;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name of the data directory's own, kept in a file of it: on a server that several workers use, each has collections of its
 * own. Its methods block.
 */
final class IndexOwner {
    private static final Logger LOG = LoggerFactory.getLogger(IndexOwner.class);
    private static final String FILE = "index-owner";
    private static final int LENGTH = 16;

    private IndexOwner() {}

    /** Made at the first call. */
    static String ensure(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        try {
            if (Files.exists(file)) {
                String known = Files.readString(file).strip();
                if (valid(known)) {
                    return known;
                }
                LOG.warn("{} is not readable; it is made anew, and the vector index with it", file);
            }
            OwnerOnly.directory(dataDir);
            String made = UUID.randomUUID().toString().replace("-", "").substring(0, LENGTH);
            Path fresh = OwnerOnly.beside(file);
            Files.writeString(fresh, made + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return made;
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** @throws CairnException UNAVAILABLE when the worker has not made it yet */
    static String read(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        try {
            String known = Files.readString(file).strip();
            if (valid(known)) {
                return known;
            }
        } catch (NoSuchFileException e) {
            throw CairnException.unavailable("there is no vector index yet");
        } catch (IOException e) {
            throw failed(file, e);
        }
        throw CairnException.unavailable(file + " is not readable; the worker makes it anew at its next start");
    }

    private static boolean valid(String name) {
        return name.matches("[0-9a-f]{" + LENGTH + "}");
    }

    private static CairnException failed(Path file, IOException e) {
        return new CairnException(
                ErrorCode.UNAVAILABLE, file + " cannot be used (" + e + "); check its owner and permissions", null, e);
    }
}

package dev.cairn.config;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The bearer token in the data directory: made once, readable by its owner alone. */
final class TokenFile {
    private static final String NAME = "token";
    private static final int BYTES = 32;

    private TokenFile() {}

    /** Reads the token; makes one first when there is none. */
    static String ensure(Path dataDir) {
        Path file = dataDir.resolve(NAME);
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                throw new ConfigException(file + " is empty; remove it and a new token is made");
            }
            return token;
        } catch (IOException e) {
            throw new ConfigException("http.auth is token, but " + file + " is not readable: " + e.getMessage());
        }
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), NAME, ".new", ownerOnly);
        try {
            Files.writeString(fresh, HexFormat.of().formatHex(random) + "\n");
            // Linked, not moved: whoever comes second must not replace the token of whoever came first.
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // Made by another start in the meantime: that one counts.
            return;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}

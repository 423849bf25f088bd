package dev.cairn.config;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                create(dataDir, file);
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

    private static void create(Path dataDir, Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        OwnerOnly.directory(dataDir);
        Path fresh = OwnerOnly.beside(file);
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

package dev.cairn.vector.embed;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The short digest that tells one model's files from another's. */
final class Digests {
    private static final int BYTES = 4;
    private static final int CHUNK = 1 << 16;

    private final MessageDigest digest;

    Digests() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds a file's bytes, and closes it. */
    Digests add(InputStream file) throws IOException {
        try (file) {
            byte[] chunk = new byte[CHUNK];
            for (int count = file.read(chunk); count >= 0; count = file.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        }
        return this;
    }

    /** Eight hexadecimal digits. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }
}

package dev.cairn.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The mark in a child's environment that everything it starts inherits.
 *
 * @param install which data directory: a number made from its path, so that it outlives the loss of every file in it
 * @param generation which start of the worker
 * @param child the number of the child within the generation
 */
record Cookie(String install, String generation, int child) {
    /** Not under {@code CAIRN_}: those are settings, and a worker among the children would refuse this one. */
    static final String VARIABLE = "_CAIRN_CHILD";

    /** Who started it, as {@code pid:start}. */
    static final String OWNER_VARIABLE = "_CAIRN_OWNER";

    static String installOf(Path dataDir) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(dataDir.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String text() {
        return install + ":" + generation + ":" + child;
    }

    /** What the marks of all children of one generation begin with. */
    static String prefix(String install, String generation) {
        return install + ":" + generation + ":";
    }

    static @Nullable Cookie parse(@Nullable String text) {
        String[] parts = text == null ? new String[0] : text.split(":", -1);
        if (parts.length != 3 || !parts[2].matches("\\d{1,9}")) {
            return null;
        }
        return new Cookie(parts[0], parts[1], Integer.parseInt(parts[2]));
    }

    /** Whether the worker that an owner's mark names still runs; another process with its number is not it. */
    static boolean ownerLives(Platform platform, @Nullable String owner) {
        String[] parts = owner == null ? new String[0] : owner.split(":", -1);
        if (parts.length != 2 || !parts[0].matches("\\d{1,9}") || !parts[1].matches("\\d{1,18}")) {
            return false;
        }
        Proc proc = platform.read(Long.parseLong(parts[0]));
        return proc != null && proc.startedAt() == Long.parseLong(parts[1]) && !proc.zombie();
    }
}

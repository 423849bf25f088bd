package dev.cairn.vector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.ChromaServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A collection's name on a Chroma server that others use too. The embedding model is in it, for people; a short digest tells
 * apart what people need not read: whose data directory it is for, where the server is, and what was cut of the model's name.
 *
 * @param text 3 to 63 of the characters that Chroma takes
 * @param owner the data directory's own name
 */
record CollectionName(String text, String owner) {
    /** The key of a collection's metadata that says whose it is. */
    static final String OWNER = "cairn";

    private static final String PREFIX = "cairn-";
    private static final int MAX = 63;
    private static final int DIGEST = 8;

    static CollectionName of(String model, String owner, ChromaServer server) {
        String digest =
                digest(String.join("\n", owner, server.url().toString(), server.tenant(), server.database(), model));
        String clean = model.replaceAll("[^a-zA-Z0-9._-]", "-").replaceAll("\\.{2,}", ".");
        int room = MAX - PREFIX.length() - 1 - DIGEST;
        String shown = clean.length() > room ? clean.substring(0, room) : clean;
        return new CollectionName(PREFIX + shown + "-" + digest, owner);
    }

    /** Whether a collection was made by this owner under another name: for another model, or by another address. */
    boolean isFormer(String name, JsonNode metadata) {
        return name.startsWith(PREFIX)
                && !name.equals(text)
                && owner.equals(metadata.path(OWNER).asText());
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, DIGEST / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

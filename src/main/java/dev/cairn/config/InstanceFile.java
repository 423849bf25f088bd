package dev.cairn.config;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a worker says of itself in {@code instance.lock} of its data directory. The file alone proves nothing: its owner
 * may be dead. The lock on it does, and so does a health answer with this instance's id.
 *
 * @param url where it listens
 * @param startedAt epoch milliseconds
 */
public record InstanceFile(String instance, long pid, String url, String version, long startedAt) {
    public static final String NAME = "instance.lock";

    public String toJson() {
        return new JsonObject()
                .put("instance", instance)
                .put("pid", pid)
                .put("url", url)
                .put("version", version)
                .put("startedAt", startedAt)
                .encode();
    }

    /** Reads the file; empty when it is missing, empty or of no use. */
    public static Optional<InstanceFile> read(Path dataDir) {
        try {
            JsonObject json =
                    Json.object(Files.readString(dataDir.resolve(NAME)).trim());
            String instance = json.getString("instance");
            String url = json.getString("url");
            if (instance == null || url == null) {
                return Optional.empty();
            }
            return Optional.of(new InstanceFile(
                    instance,
                    json.getLong("pid", 0L),
                    url,
                    json.getString("version", ""),
                    json.getLong("startedAt", 0L)));
        } catch (IOException | DecodeException | ClassCastException e) {
            // A file that is not there or half-written says the same: ask the lock.
            return Optional.empty();
        }
    }
}

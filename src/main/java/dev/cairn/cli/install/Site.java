package dev.cairn.cli.install;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent is to find the worker, and where its own files lie.
 *
 * @param home the user's home directory
 * @param environment of the command, where agents are told to look elsewhere
 * @param dataDir the worker's data directory, absolute
 * @param url the worker's, without a slash at the end, such as {@code http://127.0.0.1:37777}
 * @param token the bearer token that requests need; null when they need none. Never shown
 */
public record Site(
        Path home,
        Map<String, String> environment,
        Path dataDir,
        String url,
        @Nullable String token) {
    public Site {
        environment = Map.copyOf(environment);
    }

    /** Where an agent's copy of our files belongs. */
    public Path plugins(String agent) {
        return dataDir.resolve("plugins").resolve(agent);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Site[home=" + home + ", dataDir=" + dataDir + ", url=" + url + "]";
    }
}

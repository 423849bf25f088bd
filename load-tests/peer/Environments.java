import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the measured programs know of their surroundings. */
final class Environments {
    /** Of the surroundings only what a program cannot do without, and an empty home with the embedding model in it. */
    static Map<String, String> of(Path directory) throws IOException {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve(".cache"));
        Path model = home.resolve(".cache/chroma");
        if (!Files.exists(model)) {
            Files.createSymbolicLink(model, Path.of(System.getenv("HOME"), ".cache/chroma"));
        }
        Map<String, String> environment = new TreeMap<>();
        for (String name : List.of("PATH", "LANG", "UV_CACHE_DIR", "UV_DEFAULT_INDEX", "UV_INDEX", "JAVA_HOME")) {
            String value = System.getenv(name);
            if (value != null && !value.isEmpty()) {
                environment.put(name, value);
            }
        }
        environment.put("HOME", home.toString());
        environment.put("TMPDIR", Files.createDirectories(directory.resolve("tmp")).toString());
        environment.put("UV_OFFLINE", "1");
        environment.put("UV_PYTHON_DOWNLOADS", "never");
        environment.put("DO_NOT_TRACK", "1");
        environment.put("DISABLE_TELEMETRY", "1");
        return environment;
    }
}

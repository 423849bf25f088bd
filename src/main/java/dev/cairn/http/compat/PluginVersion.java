package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The version that is told to the plugin. Its hooks take a worker only when it says the version that they find installed, the highest
 * one, so {@code auto} looks where they look. Reads files; thread-safe.
 */
final class PluginVersion {
    static final String AUTO = "auto";

    private static final String SCRIPT = "scripts/worker-service.cjs";
    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?.*");
    private static final Comparator<String> ORDER = Comparator.<String>comparingInt(version -> part(version, 1))
            .thenComparingInt(version -> part(version, 2))
            .thenComparingInt(version -> part(version, 3))
            .thenComparing(version -> !version.contains("-"))
            .thenComparing(Comparator.naturalOrder());

    private record Found(String version, long at) {}

    private final String setting;
    private final String own;
    private final Path claude;
    private volatile @Nullable Found found;

    /**
     * @param setting {@code auto}, or what is told
     * @param own the worker's own version, told when no plugin is installed
     */
    PluginVersion(String setting, String own, Map<String, String> environment, String home) {
        this.setting = setting;
        this.own = own;
        String configured = environment.get("CLAUDE_CONFIG_DIR");
        claude = configured == null || configured.isBlank() ? Path.of(home, ".claude") : Path.of(configured);
    }

    /** What is told without a look at the files; null when one is needed. */
    @Nullable
    String known() {
        if (!setting.equals(AUTO)) {
            return setting;
        }
        Found last = found;
        return last == null || System.nanoTime() - last.at() > KEEP_NANOS ? null : last.version();
    }

    /** Reads files. */
    String look() {
        String known = known();
        if (known != null) {
            return known;
        }
        String version = Objects.requireNonNullElse(installed(), own);
        found = new Found(version, System.nanoTime());
        return version;
    }

    private @Nullable String installed() {
        Path plugins = claude.resolve("plugins");
        String marketplace = marketplace(plugins.resolve("marketplaces/thedotmack"));
        try (Stream<Path> versions = Files.list(plugins.resolve("cache/thedotmack/claude-mem"))) {
            return Stream.concat(
                            versions.filter(PluginVersion::usable).map(path -> String.valueOf(path.getFileName())),
                            Stream.ofNullable(marketplace))
                    .max(ORDER)
                    .orElse(null);
        } catch (IOException e) {
            // There is no such directory where the plugin was never installed.
            return marketplace;
        }
    }

    private static boolean usable(Path directory) {
        return VERSION.matcher(String.valueOf(directory.getFileName())).matches()
                && Files.isRegularFile(directory.resolve(SCRIPT))
                && !Files.exists(directory.resolve(".orphaned_at"));
    }

    private static @Nullable String marketplace(Path root) {
        try {
            if (!Files.isRegularFile(root.resolve("plugin").resolve(SCRIPT))) {
                return null;
            }
            JsonNode manifest = WireFormat.mapper().readTree(Files.readAllBytes(root.resolve("package.json")));
            String version = manifest.path("version").asText("");
            return VERSION.matcher(version).matches() ? version : null;
        } catch (IOException e) {
            // A plugin without a readable manifest tells no version to its hooks either.
            return null;
        }
    }

    private static int part(String version, int number) {
        Matcher parts = VERSION.matcher(version);
        String part = parts.matches() ? parts.group(number) : null;
        return part == null ? 0 : Integer.parseInt(part);
    }
}

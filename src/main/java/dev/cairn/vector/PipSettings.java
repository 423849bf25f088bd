package dev.cairn.vector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where pip gets packages from. uv does not read pip's settings, but a machine that must use an index of its own usually says
 * so to pip; so they are handed to uv at run time. They may hold credentials and are never logged.
 */
final class PipSettings {
    private static final Logger LOG = LoggerFactory.getLogger(PipSettings.class);

    private static final int MAX_FILE = 64 * 1024;

    private PipSettings() {}

    /** uv's variables for what pip's environment and files say; what uv's own variables say already is left out. */
    static Map<String, String> forUv(Map<String, String> environment) {
        Map<String, String> pip = settings(environment);
        Map<String, String> uv = new TreeMap<>();
        if (!environment.containsKey("UV_INDEX_URL")) {
            put(environment, uv, "UV_DEFAULT_INDEX", pip.get("index-url"));
        }
        if (!environment.containsKey("UV_EXTRA_INDEX_URL")) {
            put(environment, uv, "UV_INDEX", pip.get("extra-index-url"));
        }
        put(environment, uv, "UV_INSECURE_HOST", pip.get("trusted-host"));
        put(environment, uv, "SSL_CERT_FILE", pip.get("cert"));
        return uv;
    }

    private static void put(
            Map<String, String> environment, Map<String, String> uv, String name, @Nullable String value) {
        if (value != null && !value.isBlank() && !environment.containsKey(name)) {
            uv.put(name, String.join(" ", value.strip().split("\\s+", -1)));
        }
    }

    /** pip's order: its variables, then the user's file, then the machine's. */
    private static Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        for (Path file : files(environment)) {
            settings.putAll(read(file));
        }
        for (String key : List.of("index-url", "extra-index-url", "trusted-host", "cert")) {
            String value = environment.get("PIP_" + key.toUpperCase(Locale.ROOT).replace('-', '_'));
            if (value != null) {
                settings.put(key, value);
            }
        }
        return settings;
    }

    private static List<Path> files(Map<String, String> environment) {
        List<Path> files = new ArrayList<>();
        files.add(Path.of("/etc/pip.conf"));
        String home = environment.get("HOME");
        if (home != null) {
            files.add(Path.of(home, ".pip", "pip.conf"));
            String configHome = environment.get("XDG_CONFIG_HOME");
            files.add(Path.of(configHome == null ? home + "/.config" : configHome, "pip", "pip.conf"));
        }
        String named = environment.get("PIP_CONFIG_FILE");
        if (named != null && !named.isBlank()) {
            files.add(Path.of(named));
        }
        return files;
    }

    /** Keys and values of the sections {@code global} and {@code install}; a line that is set in goes on with a value. */
    private static Map<String, String> read(Path file) {
        Map<String, String> settings = new TreeMap<>();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE) {
                return settings;
            }
            boolean ours = false;
            String key = null;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
                    continue;
                }
                if (text.startsWith("[")) {
                    ours = text.equals("[global]") || text.equals("[install]");
                    key = null;
                } else if (key != null && Character.isWhitespace(line.charAt(0))) {
                    settings.merge(key, text, (before, more) -> before + " " + more);
                } else if (ours && text.indexOf('=') > 0) {
                    key = text.substring(0, text.indexOf('=')).strip().replace('_', '-');
                    settings.put(key, text.substring(text.indexOf('=') + 1).strip());
                }
            }
        } catch (IOException e) {
            LOG.debug("{} is not read: {}", file, e.getClass().getSimpleName());
        }
        return settings;
    }
}

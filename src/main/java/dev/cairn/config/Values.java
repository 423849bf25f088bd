package dev.cairn.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The value of every key, source laid over source, and which source each comes from. */
final class Values {
    /** Variables with a short name of their own. */
    private static final Map<String, String> SHORT_NAMES =
            Map.of("HOST", "http.host", "PORT", "http.port", "TOKEN", "http.token", "DATADIR", "dataDir");

    private static final Map<String, Key> KEYS = new TreeMap<>();

    static {
        Keys.ALL.forEach(key -> KEYS.put(key.path(), key));
    }

    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Source> sources = new HashMap<>();

    Values() {
        for (Key key : Keys.ALL) {
            if (key.defaultValue() != null) {
                values.put(key.path(), key.defaultValue());
            }
        }
    }

    /**
     * Lays a tree over what is there.
     *
     * @param name of the source, for messages
     * @throws ConfigException for an unknown key or a value that does not fit
     */
    Values over(JsonObject tree, Source source, String name) {
        over("", tree, source, name);
        return this;
    }

    private void over(String prefix, JsonObject tree, Source source, String name) {
        for (String field : tree.fieldNames()) {
            String path = prefix + field;
            Object value = tree.getValue(field);
            Key key = KEYS.get(path);
            if (key != null) {
                put(key, ValueReader.checked(key, value, name), source);
            } else if (value instanceof JsonObject nested && isGroup(path)) {
                over(path + ".", nested, source, name);
            } else {
                throw unknown(path, name);
            }
        }
    }

    /** Lays the variables that begin with CAIRN_ over what is there. */
    Values over(Map<String, String> environment) {
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith("CAIRN_")) {
                continue;
            }
            Key key = keyOf(name);
            Object value = ValueReader.ofText(key, entry.getValue());
            put(key, ValueReader.checked(key, value, "the environment variable " + name), Source.ENVIRONMENT);
        }
        return this;
    }

    private void put(Key key, Object value, Source source) {
        values.put(key.path(), value);
        sources.put(key.path(), source);
    }

    private static Key keyOf(String variable) {
        String flat = flat(variable.substring("CAIRN_".length()));
        Key key = KEYS.get(SHORT_NAMES.getOrDefault(flat, ""));
        if (key != null) {
            return key;
        }
        for (Key candidate : KEYS.values()) {
            if (flat(candidate.path()).equals(flat)) {
                return candidate;
            }
        }
        throw unknown(variable, "the environment");
    }

    private static String flat(String name) {
        return name.replace(".", "").replace("_", "").toUpperCase(Locale.ROOT);
    }

    static boolean isGroup(String path) {
        return KEYS.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
    }

    static @Nullable Key key(String path) {
        return KEYS.get(path);
    }

    static ConfigException unknown(String name, String source) {
        boolean variable = name.startsWith("CAIRN_");
        String nearest = "";
        int best = Integer.MAX_VALUE;
        for (Key key : KEYS.values()) {
            String candidate = variable ? key.environment() : key.path();
            int distance = EditDistance.between(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return new ConfigException(name + " in " + source + " is not a setting; the nearest is " + nearest);
    }

    Source source(String path) {
        return sources.getOrDefault(path, Source.DEFAULT);
    }

    /** The value, or null for one that is not set. */
    @Nullable
    Object get(String path) {
        return values.get(path);
    }

    Object value(String path) {
        Object value = values.get(path);
        if (value == null) {
            throw new ConfigException(path + " is not set");
        }
        return value;
    }

    String text(String path) {
        return (String) value(path);
    }

    @Nullable
    String optionalText(String path) {
        return (String) values.get(path);
    }

    boolean flag(String path) {
        return (Boolean) value(path);
    }

    int number(String path) {
        return Math.toIntExact((Long) value(path));
    }

    long large(String path) {
        return (Long) value(path);
    }

    double decimal(String path) {
        return (Double) value(path);
    }

    @SuppressWarnings("unchecked") // ValueReader makes nothing else of a TEXTS key
    List<String> texts(String path) {
        return (List<String>) value(path);
    }

    /** The place everything is kept in. */
    Path dataDir() {
        String text = text("dataDir");
        Path directory = text.equals("~") || text.startsWith("~/")
                ? Path.of(System.getProperty("user.home"), text.substring(1))
                : Path.of(text);
        return directory.toAbsolutePath().normalize();
    }
}

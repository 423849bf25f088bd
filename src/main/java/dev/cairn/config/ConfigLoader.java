package dev.cairn.config;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds the configuration from its sources. A later one stands above an earlier one: defaults, the conf file, the settings
 * file in the data directory, the environment, the launcher's options.
 */
public final class ConfigLoader {
    /** Variables with a short name of their own. */
    private static final Map<String, String> SHORT_NAMES =
            Map.of("HOST", "http.host", "PORT", "http.port", "TOKEN", "http.token", "DATADIR", "dataDir");

    private final Map<String, Key> keys = new TreeMap<>();
    private final Map<String, Object> values = new HashMap<>();

    private ConfigLoader() {
        for (Key key : Keys.ALL) {
            keys.put(key.path(), key);
            if (key.defaultValue() != null) {
                values.put(key.path(), key.defaultValue());
            }
        }
    }

    /**
     * Reads every source.
     *
     * @param confFile the conf file's content; empty when there is none
     * @param environment the process's environment
     * @param options what the launcher was told directly; empty when nothing
     * @throws ConfigException for an unknown key or a value that does not fit
     */
    public static CairnConfig load(JsonObject confFile, Map<String, String> environment, JsonObject options) {
        ConfigLoader loader = new ConfigLoader();
        loader.apply(confFile, "the conf file");
        // The data directory holds the settings file, so its place must be known from the other sources first.
        ConfigLoader first = new ConfigLoader();
        first.apply(confFile, "the conf file");
        first.apply(environment);
        first.apply(options, "the launcher's options");
        Path dataDir = first.directory("dataDir");
        Path settings = dataDir.resolve("settings.json");
        loader.apply(read(settings), settings.toString());
        loader.apply(environment);
        loader.apply(options, "the launcher's options");
        return loader.build(dataDir);
    }

    /** The defaults with these values above them, without environment and files: for tests and for embedding. */
    public static CairnConfig of(JsonObject options) {
        ConfigLoader loader = new ConfigLoader();
        loader.apply(options, "the options");
        return loader.build(loader.directory("dataDir"));
    }

    private static JsonObject read(Path file) {
        if (!Files.exists(file)) {
            return new JsonObject();
        }
        try {
            return new JsonObject(Files.readString(file));
        } catch (IOException | DecodeException e) {
            throw new ConfigException(file + " is not readable as a JSON object: " + e.getMessage());
        }
    }

    private void apply(JsonObject tree, String source) {
        apply("", tree, source);
    }

    private void apply(String prefix, JsonObject tree, String source) {
        for (String name : tree.fieldNames()) {
            String path = prefix + name;
            Object value = tree.getValue(name);
            if (value instanceof JsonObject nested && !keys.containsKey(path)) {
                boolean group = keys.keySet().stream().anyMatch(k -> k.startsWith(path + "."));
                if (!group) {
                    throw unknown(path, source);
                }
                apply(path + ".", nested, source);
                continue;
            }
            Key key = keys.get(path);
            if (key == null) {
                throw unknown(path, source);
            }
            values.put(path, convert(key, value, source));
        }
    }

    private void apply(Map<String, String> environment) {
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith("CAIRN_")) {
                continue;
            }
            String flat = flat(name.substring("CAIRN_".length()));
            String path = SHORT_NAMES.get(flat);
            Key key = path != null ? keys.get(path) : null;
            for (Key candidate : keys.values()) {
                if (key == null && flat(candidate.path()).equals(flat)) {
                    key = candidate;
                }
            }
            if (key == null) {
                throw unknown(name, "the environment");
            }
            values.put(key.path(), convert(key, fromText(key, entry.getValue()), "the environment variable " + name));
        }
    }

    private static String flat(String name) {
        return name.replace(".", "").replace("_", "").toUpperCase(Locale.ROOT);
    }

    private static Object fromText(Key key, String text) {
        return switch (key.type()) {
            case NUMBER -> text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
            case DECIMAL -> text.matches("-?\\d{1,9}(\\.\\d{1,9})?") ? (Object) Double.valueOf(text) : text;
            case BOOLEAN ->
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "1", "on", "yes" -> true;
                    case "false", "0", "off", "no" -> false;
                    default -> text;
                };
            case TEXTS -> {
                JsonArray items = new JsonArray();
                for (String item : text.split(",", -1)) {
                    if (!item.isBlank()) {
                        items.add(item.strip());
                    }
                }
                yield items;
            }
            case TEXT -> text;
        };
    }

    private static Object convert(Key key, @Nullable Object value, String source) {
        return switch (key.type()) {
            case NUMBER -> {
                if (!(value instanceof Integer || value instanceof Long)) {
                    throw wrong(key, "a whole number", value, source);
                }
                long number = ((Number) value).longValue();
                if (number < key.min() || number > key.max()) {
                    throw wrong(key, "a number from " + key.min() + " to " + key.max(), value, source);
                }
                yield number;
            }
            case DECIMAL -> {
                // A range alone would let NaN pass.
                if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
                    throw wrong(key, "a number", value, source);
                }
                if (number.doubleValue() < key.min() || number.doubleValue() > key.max()) {
                    throw wrong(key, "a number from " + key.min() + " to " + key.max(), value, source);
                }
                yield number.doubleValue();
            }
            case BOOLEAN -> {
                if (!(value instanceof Boolean flag)) {
                    throw wrong(key, "true or false", value, source);
                }
                yield flag;
            }
            case TEXT -> {
                if (!(value instanceof String text) || text.isBlank()) {
                    throw wrong(key, "a text", value, source);
                }
                if (!key.words().isEmpty() && !key.words().contains(text)) {
                    throw wrong(key, "one of " + key.words(), value, source);
                }
                yield text;
            }
            case TEXTS -> {
                if (!(value instanceof JsonArray array)) {
                    throw wrong(key, "a list of texts", value, source);
                }
                List<String> texts = new ArrayList<>();
                for (Object item : array) {
                    if (!(item instanceof String text)) {
                        throw wrong(key, "a list of texts", value, source);
                    }
                    texts.add(text);
                }
                yield List.copyOf(texts);
            }
        };
    }

    private static ConfigException wrong(Key key, String wanted, @Nullable Object value, String source) {
        String shown = key.secret() ? "what it is" : "'" + value + "'";
        return new ConfigException(key.path() + " in " + source + " must be " + wanted + ", not " + shown);
    }

    private ConfigException unknown(String name, String source) {
        boolean variable = name.startsWith("CAIRN_");
        String nearest = "";
        int best = Integer.MAX_VALUE;
        for (Key key : keys.values()) {
            String candidate = variable ? key.environment() : key.path();
            int distance = EditDistance.between(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return new ConfigException(name + " in " + source + " is not a setting; the nearest is " + nearest);
    }

    private CairnConfig build(Path dataDir) {
        boolean tokenRequired = text("http.auth").equals("token");
        String token = (String) values.get("http.token");
        if (tokenRequired && token == null) {
            token = TokenFile.ensure(dataDir);
        }
        return new CairnConfig(
                dataDir,
                new HttpConfig(
                        text("http.host"),
                        number("http.port"),
                        number("http.instances"),
                        number("http.maxBodyBytes"),
                        number("http.maxDepth"),
                        texts("http.allowedHosts"),
                        texts("http.allowedOrigins"),
                        tokenRequired,
                        token),
                new StoreConfig(
                        text("store.synchronous").equals("full"),
                        number("store.readers"),
                        number("store.maxQueue"),
                        number("store.maxFieldBytes"),
                        new StoreConfig.Retention(
                                number("store.retention.days"), number("store.retention.toolUseDays"), (Long)
                                        value("store.retention.maxBytes"))),
                new ObserverConfig(
                        text("observer.provider"),
                        number("observer.max"),
                        number("observer.attempts"),
                        number("observer.idleMs")),
                new VectorConfig(
                        text("vector.mode"),
                        texts("vector.chroma.command"),
                        number("vector.chroma.connectMs"),
                        number("vector.chroma.installMs")),
                new SearchConfig(text("search.mode"), texts("search.command")),
                process(),
                new WatchdogConfig(number("watchdog.haltMs")),
                new ProjectConfig(texts("project.exclude"), texts("project.names")),
                new PrivacyConfig((Boolean) value("privacy.secrets"), texts("privacy.patterns")),
                new ContextConfig(
                        (Boolean) value("context.enabled"),
                        number("context.maxTokens"),
                        number("context.summaries"),
                        number("context.observations")),
                text("log.level"));
    }

    private ProcessConfig process() {
        Map<String, ProcessConfig.Limits> limits = new TreeMap<>();
        for (String kind : Keys.CHILD_KINDS) {
            String prefix = "process.limits." + kind + ".";
            limits.put(
                    kind,
                    new ProcessConfig.Limits(
                            (Long) value(prefix + "memoryBytes"),
                            (Double) value(prefix + "cpus"),
                            number(prefix + "processes"),
                            number(prefix + "openFiles"),
                            (Long) value(prefix + "maxAgeMs"),
                            (Long) value(prefix + "idleMs")));
        }
        if (text("search.mode").equals("process") && !text("vector.mode").equals("off")) {
            // Its tree has a Chroma of its own, and for a moment a second one.
            ProcessConfig.Limits chroma = limits.getOrDefault("chroma", ProcessConfig.Limits.NONE);
            limits.computeIfPresent("search", (kind, search) -> search.with(chroma, 2));
        }
        return new ProcessConfig(
                number("process.deadlineMs"),
                number("process.graceMs"),
                number("process.sweepMs"),
                text("process.cgroup").equals("auto"),
                number("process.historyHours"),
                Map.copyOf(limits),
                new ProcessConfig.Alerts(number("process.alerts.stopMs"), number("process.alerts.restarts"), (String)
                        values.get("process.alerts.webhook")));
    }

    private Path directory(String path) {
        String text = text(path);
        Path directory = text.equals("~") || text.startsWith("~/")
                ? Path.of(System.getProperty("user.home"), text.substring(1))
                : Path.of(text);
        return directory.toAbsolutePath().normalize();
    }

    private Object value(String path) {
        Object value = values.get(path);
        if (value == null) {
            throw new ConfigException(path + " is not set");
        }
        return value;
    }

    private String text(String path) {
        return (String) value(path);
    }

    private int number(String path) {
        return Math.toIntExact((Long) value(path));
    }

    @SuppressWarnings("unchecked") // convert() makes nothing else of a TEXTS key
    private List<String> texts(String path) {
        return (List<String>) value(path);
    }
}

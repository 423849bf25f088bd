package dev.cairn.config;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every setting with its value and where that comes from, and the settings file, which can be changed. A change is for the next
 * start: a running worker keeps the configuration it was started with. Thread-safe; changes are made one after another.
 */
public final class Settings {
    /** The file in the data directory. */
    public static final String NAME = "settings.json";

    /**
     * One setting as the worker was started with it.
     *
     * @param value a Boolean, Long, Double, String or List of String; null when it is not set, and for every secret
     * @param set whether it has a value
     */
    public record Setting(Key key, @Nullable Object value, boolean set, Source source) {}

    /**
     * What a change of the settings file came to.
     *
     * @param atNextStart the keys whose value will be another at the next start
     * @param overridden the keys that were changed in the file while a source above it holds them, with that source
     */
    public record Change(List<String> atNextStart, Map<String, Source> overridden) {}

    private final JsonObject conf;
    private final Map<String, String> environment;
    private final JsonObject options;
    private final boolean files;
    private final Path dataDir;
    private final Values values;

    private Settings(JsonObject conf, Map<String, String> environment, JsonObject options, boolean files) {
        this.conf = conf.copy();
        this.environment = cairn(environment);
        this.options = options.copy();
        this.files = files;
        // The data directory holds the settings file, so its place must be known from the other sources first.
        this.dataDir = over(new JsonObject(), NAME).dataDir();
        this.values = files ? over(read(), file().toString()) : over(new JsonObject(), NAME);
    }

    static Settings of(JsonObject conf, Map<String, String> environment, JsonObject options) {
        return new Settings(conf, environment, options, true);
    }

    /** Without files and environment. */
    static Settings fixed(JsonObject options) {
        return new Settings(new JsonObject(), Map.of(), options, false);
    }

    private static Map<String, String> cairn(Map<String, String> environment) {
        Map<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> !name.startsWith("CAIRN_"));
        return ours;
    }

    Path dataDir() {
        return dataDir;
    }

    Values values() {
        return values;
    }

    /** Every setting, in the order of the documentation. */
    public List<Setting> all() {
        return Keys.ALL.stream().map(key -> setting(key, values)).toList();
    }

    /**
     * Those that will be another at the next start, as they will be then: what was changed in the settings file since this one.
     * Blocks.
     *
     * @throws ConfigException when the file as it is now could not be read, or not be started with
     */
    public synchronized List<Setting> atNextStart() {
        if (!files) {
            return List.of();
        }
        Values then = over(read(), file().toString());
        return Keys.ALL.stream()
                .filter(key -> !Objects.equals(values.get(key.path()), then.get(key.path()))
                        || values.source(key.path()) != then.source(key.path()))
                .map(key -> setting(key, then))
                .toList();
    }

    private static Setting setting(Key key, Values from) {
        Object value = from.get(key.path());
        return new Setting(key, key.secret() ? null : value, value != null, from.source(key.path()));
    }

    /**
     * Changes the settings file: all of the change or nothing. Blocks.
     *
     * @param change a tree of keys as in the file; null removes a key from it
     * @param trusted whether keys may be changed that give power beyond the memories: what is run, and where memories are sent
     * @throws ConfigException for a key that is not known or cannot stand there, and for values the worker would not start with
     * @throws IOException when the file cannot be written
     */
    public synchronized Change change(JsonObject change, boolean trusted) throws IOException {
        if (!files) {
            throw new ConfigException(
                    "settings are fixed by the application that embeds this worker; change them there");
        }
        JsonObject before = read();
        JsonObject after = before.copy();
        List<String> changed = new ArrayList<>();
        merge("", change, after, changed);
        for (String path : changed) {
            String power = power(path);
            if (power != null && !trusted) {
                throw new ConfigException(path + " " + power + ", which is not changed by whoever can reach this"
                        + " port: set http.auth to token first, or edit " + NAME);
            }
        }
        Values then = over(before, NAME);
        Values now = over(after, NAME);
        // The whole must hold together: HttpConfig refuses a host that is not loopback, and so on.
        ConfigLoader.build(now, this);
        write(after);
        List<String> atNextStart = new ArrayList<>();
        Map<String, Source> overridden = new TreeMap<>();
        for (String path : changed) {
            Source source = now.source(path);
            if (source.compareTo(Source.SETTINGS) > 0) {
                overridden.put(path, source);
            } else if (!Objects.equals(values.get(path), now.get(path))
                    || !Objects.equals(then.get(path), now.get(path))) {
                atNextStart.add(path);
            }
        }
        return new Change(atNextStart, overridden);
    }

    private static @Nullable String power(String path) {
        if (path.endsWith(".command")) {
            return "names a program to run";
        }
        if (path.equals("observer.provider") || path.equals("observer.proxy") || path.matches("observer\\..*\\.url")) {
            return "says where what was recorded is sent";
        }
        return path.equals("vector.chroma.url") ? "says where memories are sent" : null;
    }

    private static void merge(String prefix, JsonObject change, JsonObject into, List<String> changed) {
        for (String name : change.fieldNames()) {
            String path = prefix + name;
            Object value = change.getValue(name);
            if (path.equals("dataDir")) {
                throw new ConfigException("dataDir cannot be set in " + NAME
                        + ", which lies in that directory; set CAIRN_DATA_DIR or the conf file");
            }
            if (Values.key(path) != null) {
                changed.add(path);
                if (value == null) {
                    into.remove(name);
                } else {
                    into.put(name, value);
                }
            } else if (value instanceof JsonObject nested && Values.isGroup(path)) {
                JsonObject group = into.getValue(name) instanceof JsonObject there ? there : new JsonObject();
                merge(path + ".", nested, group, changed);
                if (group.isEmpty()) {
                    into.remove(name);
                } else {
                    into.put(name, group);
                }
            } else {
                throw Values.unknown(path, "the change");
            }
        }
    }

    /** @param name of the settings file, for messages */
    private Values over(JsonObject settings, String name) {
        return new Values()
                .over(conf, Source.CONF, "the conf file")
                .over(settings, Source.SETTINGS, name)
                .over(environment)
                .over(options, Source.OPTION, files ? "the launcher's options" : "the options");
    }

    private Path file() {
        return dataDir.resolve(NAME);
    }

    private JsonObject read() {
        if (!Files.exists(file())) {
            return new JsonObject();
        }
        try {
            return Json.object(Files.readString(file()));
        } catch (IOException | DecodeException e) {
            throw new ConfigException(file() + " is not readable as a JSON object: " + e.getMessage());
        }
    }

    private void write(JsonObject settings) throws IOException {
        OwnerOnly.directory(dataDir);
        Path fresh = OwnerOnly.beside(file());
        try {
            Files.writeString(fresh, settings.encodePrettily() + "\n");
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}

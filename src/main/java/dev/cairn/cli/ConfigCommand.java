package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.config.Key;
import dev.cairn.config.Settings;
import dev.cairn.config.Source;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The settings, and the settings file. No worker is needed; one that runs keeps what it was started with. */
final class ConfigCommand {
    static final List<String> NAMES = List.of("list", "get", "set", "unset");

    private static final String SECRET = "(secret)";

    private ConfigCommand() {}

    static WorkerCommand of(String name, Session session) {
        return switch (name) {
            case "list" -> new Listing(session);
            case "get" -> new Getting(session);
            case "set" -> new Setting(session);
            case "unset" -> new Unsetting(session);
            default -> throw new UsageException("cairn config takes one of " + NAMES + ", not '" + name + "'");
        };
    }

    private static String shown(Settings.Setting setting) {
        if (!setting.set()) {
            return "";
        }
        Object value = setting.value();
        return setting.key().secret() || value == null ? SECRET : value instanceof List<?> ? json(value) : "" + value;
    }

    private static String json(@Nullable Object value) {
        return value == null ? "null" : WireFormat.encode(value);
    }

    /** What the running worker has, by key; empty when none runs. */
    private static Map<String, JsonNode> ofWorker(Session session, CairnConfig config) {
        Map<String, JsonNode> values = new HashMap<>();
        if (session.running(config).isPresent()) {
            session.get(config, "/api/settings")
                    .path("settings")
                    .forEach(row -> values.put(row.path("key").asText(), row));
        }
        return values;
    }

    @Command(name = "config list", description = "Shows every setting, its value and where that comes from.")
    static final class Listing extends WorkerCommand.Reading {
        Listing(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            CairnConfig config = config();
            Map<String, JsonNode> running = ofWorker(session, config);
            Table table = new Table("KEY", "SOURCE", "VALUE");
            ArrayNode items = WireFormat.mapper().createArrayNode();
            boolean waiting = false;
            for (Settings.Setting setting : config.settings().all()) {
                Key key = setting.key();
                boolean restart = differs(setting, running.get(key.path()));
                waiting |= restart;
                table.row(key.path() + (restart ? " *" : ""), setting.source(), shown(setting));
                ObjectNode item = items.addObject().put("key", key.path());
                if (setting.value() != null) {
                    item.putPOJO("value", setting.value());
                }
                item.put("set", setting.set())
                        .put("source", setting.source().toString())
                        .put("restart", restart);
            }
            if (json) {
                System.out.println(items);
                return DONE;
            }
            table.print(terminal());
            if (waiting) {
                System.out.println("* the running worker has another value; 'cairn restart' brings this one");
            }
            return DONE;
        }

        private static boolean differs(Settings.Setting setting, @Nullable JsonNode running) {
            if (running == null || setting.key().secret()) {
                return false;
            }
            String there = running.has("value") ? running.path("value").toString() : "null";
            return !json(setting.value()).equals(there);
        }
    }

    private abstract static class OfKey extends WorkerCommand {
        @Parameters(index = 0, paramLabel = "KEY", description = "The setting, such as observer.max.")
        String key = "";

        OfKey(Session session) {
            super(session);
        }

        final Settings.Setting setting(CairnConfig config) {
            return config.settings().all().stream()
                    .filter(setting -> setting.key().path().equals(key))
                    .findFirst()
                    .orElseThrow(
                            () -> new ConfigException(key + " is not a setting; 'cairn config list' names them all"));
        }

        final int change(@Nullable Object value) throws IOException {
            CairnConfig config = config();
            JsonObject tree = new JsonObject();
            String[] names = key.split("\\.", -1);
            JsonObject level = tree;
            for (int i = 0; i < names.length - 1; i++) {
                JsonObject below = new JsonObject();
                level.put(names[i], below);
                level = below;
            }
            level.put(names[names.length - 1], value);
            // Whoever runs this may write the file itself: no key is out of reach.
            Settings.Change change = config.settings().change(tree, true);
            Source above = change.overridden().get(key);
            if (above != null) {
                System.out.println(key + " is in the settings file now, but the " + above + " stands above it");
            } else if (session.running(config).isPresent()) {
                System.out.println(key + " holds from the next start; 'cairn restart' does it now");
            }
            return DONE;
        }
    }

    @Command(name = "config get", description = "Prints one setting's value; a list as JSON.")
    static final class Getting extends OfKey {
        Getting(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Settings.Setting setting = setting(config());
            if (setting.key().secret()) {
                throw new ConfigException(key + " is a secret and never shown");
            }
            if (!setting.set()) {
                System.err.println("cairn: " + key + " is not set");
                return FAILED;
            }
            System.out.println(shown(setting));
            return DONE;
        }
    }

    @Command(
            name = "config set",
            description = "Puts a value into the settings file, if the worker would start with it.")
    static final class Setting extends OfKey {
        @Parameters(index = 1, paramLabel = "VALUE", description = "The value; a list takes several, or none as [].")
        List<String> values = List.of();

        Setting(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws IOException {
            Key.Type type = setting(config()).key().type();
            if (type == Key.Type.TEXTS) {
                return change(values.equals(List.of("[]")) ? new JsonArray() : new JsonArray(List.copyOf(values)));
            }
            if (values.size() != 1) {
                throw misuse(key + " takes one value");
            }
            return change(typed(type, values.get(0)));
        }

        /** What does not look like the type stays a text, which is refused in the words of every other source. */
        private static Object typed(Key.Type type, String text) {
            return switch (type) {
                case NUMBER -> text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
                case DECIMAL -> text.matches("-?\\d{1,15}(\\.\\d{1,15})?") ? (Object) Double.valueOf(text) : text;
                case BOOLEAN -> text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
                case TEXT, TEXTS -> text;
            };
        }
    }

    @Command(name = "config unset", description = "Takes a setting out of the settings file.")
    static final class Unsetting extends OfKey {
        Unsetting(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws IOException {
            Objects.requireNonNull(setting(config()));
            return change(null);
        }
    }
}

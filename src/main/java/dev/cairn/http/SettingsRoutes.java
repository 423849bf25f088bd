package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.config.Key;
import dev.cairn.config.Settings;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings: what they are and where each comes from, and a change of the settings file. Secrets are never told. */
final class SettingsRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsRoutes.class);

    private final Settings settings;
    private final boolean tokenRequired;

    SettingsRoutes(CairnConfig config) {
        settings = config.settings();
        tokenRequired = config.http().tokenRequired();
    }

    void addTo(Routes routes) {
        routes.get("/api/settings", exchange -> exchange.blocking(this::all).map(all -> Answer.json(200, all)));
        routes.put("/api/settings", this::change);
    }

    private String all() {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        ArrayNode items = json.putArray("settings");
        Map<String, Settings.Setting> next = new HashMap<>();
        try {
            settings.atNextStart().forEach(setting -> next.put(setting.key().path(), setting));
        } catch (ConfigException e) {
            // Somebody wrote it by hand: better known now than at the next start.
            json.put("problem", e.getMessage());
        }
        for (Settings.Setting setting : settings.all()) {
            ObjectNode row = row(setting);
            Settings.Setting then = next.get(setting.key().path());
            if (then != null) {
                value(row.putObject("next"), then);
            }
            items.add(row);
        }
        return json.toString();
    }

    private static ObjectNode value(ObjectNode row, Settings.Setting setting) {
        if (!setting.key().secret() && setting.value() != null) {
            row.putPOJO("value", setting.value());
        }
        return row.put("set", setting.set()).put("source", setting.source().toString());
    }

    private static ObjectNode row(Settings.Setting setting) {
        Key key = setting.key();
        ObjectNode row = WireFormat.mapper().createObjectNode().put("key", key.path());
        if (key.secret()) {
            row.put("secret", true);
        } else if (setting.value() != null) {
            row.putPOJO("value", setting.value());
        }
        row.put("set", setting.set());
        if (key.defaultValue() != null) {
            row.putPOJO("default", key.defaultValue());
        }
        row.put("source", setting.source().toString())
                .put("type", key.type().name().toLowerCase(Locale.ROOT))
                .put("environment", key.environment())
                .put("help", key.help())
                // Every part reads its settings once, when it starts.
                .put("restart", true);
        if (key.type() == Key.Type.NUMBER || key.type() == Key.Type.DECIMAL) {
            row.put("min", key.min()).put("max", key.max());
        } else if (!key.words().isEmpty()) {
            row.putPOJO("words", key.words());
        }
        return row;
    }

    private Future<Answer> change(Exchange exchange) {
        return exchange.json(SettingsRoutes::tree)
                .compose(tree -> exchange.blocking(() -> changed(tree)))
                .map(change -> {
                    LOG.info("Settings were changed over HTTP: {}", change.atNextStart());
                    ObjectNode json = WireFormat.mapper().createObjectNode();
                    json.putPOJO("atNextStart", change.atNextStart());
                    ObjectNode overridden = json.putObject("overridden");
                    change.overridden().forEach((key, source) -> overridden.put(key, source.toString()));
                    return Answer.json(200, json.toString());
                });
    }

    private static JsonObject tree(JsonNode body) {
        Fields.of(body);
        return new JsonObject(body.toString());
    }

    private Settings.Change changed(JsonObject tree) {
        try {
            return settings.change(tree, tokenRequired);
        } catch (ConfigException e) {
            String message = String.valueOf(e.getMessage());
            // Each such message begins with the key.
            throw new CairnException(ErrorCode.INVALID_ARGUMENT, message, message.split(" ", 2)[0], e);
        } catch (IOException e) {
            throw new CairnException(
                    ErrorCode.UNAVAILABLE,
                    Settings.NAME + " cannot be written (" + e.getClass().getSimpleName() + "); check its directory",
                    null,
                    e);
        }
    }
}

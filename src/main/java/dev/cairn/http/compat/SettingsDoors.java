package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The contract's settings, as far as they mean something here: told beside the worker's own, and not changed. What a client of that
 * contract wants to set, the worker has settings of its own for.
 */
final class SettingsDoors {
    private record Bounds(long min, long max) {}

    private static final Map<String, Bounds> NUMBERS = new TreeMap<>(Map.of(
            "CLAUDE_MEM_CONTEXT_OBSERVATIONS", new Bounds(1, 200),
            "CLAUDE_MEM_WORKER_PORT", new Bounds(1024, 65_535)));

    private final CairnConfig config;

    SettingsDoors(CairnConfig config) {
        this.config = config;
    }

    List<Door> doors() {
        return List.of(new Door(
                "POST", "/api/settings", false, request -> request.body().map(SettingsDoors::refused)));
    }

    List<SharedDoor> shared() {
        return List.of(new SharedDoor("GET", "/api/settings", this::both));
    }

    private Future<Reply> both(Request request, Supplier<Future<Reply>> own) {
        return own.get().map(reply -> {
            ObjectNode json = (ObjectNode) Rows.tree(reply.body());
            json.put("CLAUDE_MEM_WORKER_HOST", config.http().host())
                    .put("CLAUDE_MEM_WORKER_PORT", Integer.toString(request.port()))
                    .put("CLAUDE_MEM_DATA_DIR", config.dataDir().toString())
                    .put("CLAUDE_MEM_PROVIDER", config.observer().provider())
                    .put("CLAUDE_MEM_LOG_LEVEL", config.log().level().toUpperCase(java.util.Locale.ROOT));
            return Reply.json(json);
        });
    }

    private static Reply refused(JsonNode body) {
        for (Map.Entry<String, Bounds> number : NUMBERS.entrySet()) {
            String problem = problem(number.getKey(), number.getValue(), body.get(number.getKey()));
            if (problem != null) {
                return refused(problem);
            }
        }
        return refused("these settings are not changed here: the worker has its own, at PUT /api/settings");
    }

    private static @Nullable String problem(String name, Bounds bounds, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        String digits = value.asText();
        boolean fits = digits.matches("\\d{1,9}")
                && Long.parseLong(digits) >= bounds.min()
                && Long.parseLong(digits) <= bounds.max();
        return fits ? null : name + " must be between " + bounds.min() + " and " + bounds.max();
    }

    private static Reply refused(String message) {
        return Reply.json(400, Reply.object().put("success", false).put("error", message));
    }
}

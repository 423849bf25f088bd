package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cairn.bus.Origin;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.CairnConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows memories in full, by their ids here or by those another memory gave them. */
@Command(name = "show", description = "Shows memories in full.")
final class ShowCommand extends WorkerCommand.Reading {
    private static final List<String> BY_ID = List.of("summaries", "prompts");

    @Parameters(
            paramLabel = "ID",
            description =
                    "The memories' ids; of imported ones also their old ids, such as claude-mem:12, claude-mem:S12.")
    List<String> ids = List.of();

    ShowCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        List<Long> numbers = new ArrayList<>();
        List<String> origins = new ArrayList<>();
        for (String id : ids) {
            if (Origin.parse(id) == null) {
                numbers.add(number(id));
            } else {
                origins.add(id);
            }
        }
        CairnConfig config = config();
        List<String> missing = new ArrayList<>();
        Map<String, JsonNode> shown = new LinkedHashMap<>();
        ofHere(config, numbers, missing).forEach((id, item) -> shown.put(String.valueOf(id), item));
        for (String origin : origins) {
            ofElsewhere(config, origin, missing).forEach(shown::putIfAbsent);
        }
        if (json) {
            ArrayNode items = WireFormat.mapper().createArrayNode();
            items.addAll(shown.values());
            System.out.println(items.toPrettyString());
        } else {
            System.out.print(Texts.memories(List.copyOf(shown.values()), terminal()));
        }
        missing.forEach(why -> System.err.println("cairn: " + why));
        return missing.isEmpty() ? DONE : FAILED;
    }

    private static Long number(String id) {
        try {
            return Long.valueOf(id);
        } catch (NumberFormatException e) {
            throw misuse("ID must be a whole number, or an imported id such as claude-mem:12, not '" + id + "'");
        }
    }

    /** Memories of this worker, in the order of their ids. */
    private Map<Long, JsonNode> ofHere(CairnConfig config, List<Long> ids, List<String> missing) {
        Map<Long, JsonNode> found = new TreeMap<>();
        if (!ids.isEmpty()) {
            JsonNode observations = session.post(config, "/api/observations/batch", Map.of("ids", ids));
            observations.path("items").forEach(item -> found.put(item.path("id").asLong(), item));
        }
        Map<Long, JsonNode> ordered = new LinkedHashMap<>();
        for (Long id : new LinkedHashSet<>(ids)) {
            for (String kind : BY_ID) {
                if (!found.containsKey(id)) {
                    session.find(config, "/api/" + kind + "/" + id).ifPresent(item -> found.put(id, item));
                }
            }
            JsonNode item = found.get(id);
            if (item == null) {
                missing.add("nothing has the id " + id);
            } else {
                ordered.put(id, item);
            }
        }
        return ordered;
    }

    /** What was imported under an id; by path, since sessions and tool uses have ids of their own. */
    private Map<String, JsonNode> ofElsewhere(CairnConfig config, String origin, List<String> missing) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        Optional<JsonNode> answer = session.find(config, Session.query("/api/imported", Map.of("id", origin)));
        if (answer.isEmpty()) {
            missing.add("nothing with the id " + origin + " was imported");
        }
        for (JsonNode row : answer.map(items -> items.path("items"))
                .orElse(WireFormat.mapper().createArrayNode())) {
            String list = list(row.path("kind").asText());
            JsonNode item = !row.hasNonNull("id")
                    ? null
                    : session.find(config, "/api/" + list + "/" + row.path("id").asLong())
                            .orElse(null);
            if (item == null) {
                missing.add("what was imported as " + origin + " was forgotten since");
            } else {
                boolean memory = !list.equals("sessions") && !list.equals("tool-uses");
                found.put((memory ? "" : list + "/") + row.path("id").asLong(), item);
            }
        }
        return found;
    }

    private static String list(@Nullable String kind) {
        return switch (String.valueOf(kind)) {
            case Origin.SESSION -> "sessions";
            case Origin.TOOL_USE -> "tool-uses";
            case Origin.SUMMARY -> "summaries";
            case Origin.PROMPT -> "prompts";
            default -> "observations";
        };
    }
}

package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A memory written by hand. */
final class SaveDoors {
    private static final Set<String> FIELDS = Set.of("text", "title", "project", "metadata");
    private static final String TYPE = "discovery";
    private static final String PLATFORM = "api";

    private final Bus bus;
    private final Memories memories;

    SaveDoors(Bus bus, Memories memories) {
        this.bus = bus;
        this.memories = memories;
    }

    List<Door> doors() {
        return List.of(new Door("POST", "/api/memory/save", false, this::save));
    }

    private Future<Reply> save(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body).only(FIELDS);
            String text = fields.text("text");
            String title = fields.optionalText("title");
            String given = fields.optionalText("project");
            String name = given == null || given.isBlank() ? Project.UNKNOWN.name() : given.strip();
            List<String> facts = facts(fields);
            return memories.projectKey(name)
                    .map(key -> Objects.requireNonNullElseGet(
                            key, () -> Project.named(name).key()))
                    .compose(project -> save(text, title, project, facts))
                    .compose(this::told);
        });
    }

    private Future<Long> save(String text, @Nullable String title, String project, List<String> facts) {
        NewMemory memory = new NewMemory(text, title, TYPE, project, facts, List.of(), null);
        return bus.request(Addresses.SESSION_SAVE, new SaveMemories(List.of(memory), PLATFORM))
                .map(saved -> saved.ids().get(0));
    }

    private Future<Reply> told(long id) {
        return memories.observation(id).map(row -> {
            ObjectNode json = Reply.object().put("success", true).put("id", id);
            if (row != null) {
                json.put("title", row.title()).put("project", row.project().name());
            }
            return Reply.json(json.put("message", "Memory saved as observation #" + id));
        });
    }

    /** What is told beside the text becomes facts, which are found by their words. */
    private static List<String> facts(Fields fields) {
        JsonNode metadata = fields.raw("metadata");
        if (metadata == null) {
            return List.of();
        }
        if (!metadata.isObject()) {
            throw CairnException.invalid("metadata", "metadata must be a JSON object");
        }
        List<String> facts = new ArrayList<>();
        metadata.fields()
                .forEachRemaining(field -> facts.add(field.getKey() + ": "
                        + (field.getValue().isTextual()
                                ? field.getValue().textValue()
                                : field.getValue().toString())));
        return facts;
    }
}

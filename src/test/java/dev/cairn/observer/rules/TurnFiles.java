package dev.cairn.observer.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.ToolUse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns written down as small JSON files among the test resources. */
public final class TurnFiles {
    static final long START = 1_760_000_000_000L;

    private TurnFiles() {}

    public static TurnWork read(String name) throws IOException {
        try (InputStream in = TurnFiles.class.getResourceAsStream("/observer/" + name + ".json")) {
            return turn(WireFormat.mapper().readTree(in));
        }
    }

    static TurnWork parse(String json) throws IOException {
        return turn(WireFormat.mapper().readTree(json));
    }

    private static TurnWork turn(JsonNode file) {
        String key = file.path("project").asText("/home/dev/shop");
        Project project = new Project(key, key.substring(key.lastIndexOf('/') + 1));
        long at = START;
        List<ToolUse> uses = new ArrayList<>();
        List<Long> fresh = new ArrayList<>();
        for (JsonNode use : file.path("toolUses")) {
            long id = uses.size() + 1L;
            boolean seen = use.path("seen").asBoolean(false);
            at += 1_000;
            uses.add(new ToolUse(
                    id,
                    project,
                    "claude-code",
                    "session-1",
                    1,
                    text(use.get("agent")),
                    use.path("tool").asText(),
                    "use-" + id,
                    json(use.get("input")),
                    json(use.get("response")),
                    text(use.get("error")),
                    10L,
                    seen ? Long.valueOf(1_000 + id) : null,
                    at));
            if (!seen) {
                fresh.add(id);
            }
        }
        List<TurnNote> notes = new ArrayList<>();
        for (JsonNode note : file.path("notes")) {
            at += 1_000;
            notes.add(new TurnNote(
                    EventKind.valueOf(note.path("kind").asText("STOP")),
                    text(note.get("agent")),
                    text(note.get("detail")),
                    text(note.get("text")),
                    at));
        }
        String asked = text(file.get("prompt"));
        Prompt prompt = asked == null ? null : new Prompt(7, project, "claude-code", "session-1", 1, asked, START);
        return new TurnWork(1, project, "claude-code", "session-1", 1, 1, prompt, uses, fresh, notes, START, at);
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.asText();
    }

    /** A text stays as it is, so that a file can hold what is not JSON. */
    private static @Nullable String json(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        return node.isTextual() ? node.asText() : node.toString();
    }
}

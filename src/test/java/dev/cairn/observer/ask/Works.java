package dev.cairn.observer.ask;

import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.config.ObserverConfig;
import dev.cairn.config.PrivacyConfig;
import dev.cairn.model.EventKind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns to observe. */
final class Works {
    static final Project PROJECT = new Project("/home/dev/shop", "shop");
    static final PrivacyConfig PRIVACY = new PrivacyConfig(true, List.of());
    static final long START = 1_700_000_000_000L;

    private final List<ToolUse> uses = new ArrayList<>();
    private final List<TurnNote> notes = new ArrayList<>();
    private final List<Observation> earlier = new ArrayList<>();
    private Set<Long> seen = Set.of();
    private String asked = "Make the upload retry";
    private int waiting;
    private boolean more;

    static ObserverConfig.Batch batch(int uses, int tokens) {
        return new ObserverConfig.Batch(uses, tokens, 1_500, 4_000);
    }

    Works asked(String text) {
        asked = text;
        return this;
    }

    Works edit(String file, String before, String after) {
        String input = "{\"file_path\":" + quoted("/home/dev/shop/" + file) + ",\"old_string\":" + quoted(before)
                + ",\"new_string\":" + quoted(after) + "}";
        return use("Edit", input, "{\"filePath\":" + quoted("/home/dev/shop/" + file) + "}", null);
    }

    Works bash(String command, String output) {
        return use("Bash", "{\"command\":" + quoted(command) + "}", "{\"stdout\":" + quoted(output) + "}", null);
    }

    Works use(String tool, String input, @Nullable String response, @Nullable String error) {
        long id = uses.size() + 1;
        uses.add(new ToolUse(
                id,
                PROJECT,
                "claude-code",
                "session-1",
                1,
                null,
                tool,
                "toolu_" + id,
                input,
                response,
                error,
                5L,
                null,
                START + id * 1_000));
        return this;
    }

    Works said(String text) {
        notes.add(new TurnNote(EventKind.STOP, null, null, text, START + 900_000));
        return this;
    }

    Works compacted(String text) {
        notes.add(new TurnNote(EventKind.COMPACT, null, "auto", text, START + 800_000));
        return this;
    }

    Works earlier(long id, String type, String title, String narrative) {
        earlier.add(new Observation(
                id,
                PROJECT,
                "claude-code",
                "session-1",
                1,
                type,
                title,
                null,
                narrative,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                START));
        return this;
    }

    Works seen(Set<Long> ids) {
        seen = ids;
        return this;
    }

    Works waiting(int turns) {
        waiting = turns;
        return this;
    }

    Works more() {
        more = true;
        return this;
    }

    TurnWork work() {
        return new TurnWork(
                7,
                PROJECT,
                "claude-code",
                "session-1",
                1,
                1,
                new Prompt(3, PROJECT, "claude-code", "session-1", 1, asked, START),
                uses,
                uses.stream().map(ToolUse::id).filter(id -> !seen.contains(id)).toList(),
                notes,
                more,
                earlier,
                waiting,
                START,
                START + 1_000_000);
    }

    private static String quoted(String text) {
        return dev.cairn.bus.WireFormat.encode(text);
    }
}

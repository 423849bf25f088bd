package dev.cairn.session;

import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportFormat.Place;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Origin;
import dev.cairn.model.CairnException;
import dev.cairn.model.CommandRun;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.TextCleaner;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What lines of an export must be like, and what the privacy filter and the size caps make of them: the same as of what agents
 * and people tell the worker. Thread-safe.
 */
final class ImportRules {
    private static final Pattern TYPE = Pattern.compile("[a-z0-9_-]{1,32}");
    private static final Set<String> NOTES =
            Set.of(EventKind.STOP.name(), EventKind.SUBAGENT_STOP.name(), EventKind.COMPACT.name());
    private static final Set<String> STATES =
            Set.of(ExportLine.TurnLine.DONE, ExportLine.TurnLine.WAITING, ExportLine.TurnLine.PARKED);

    private static final int ITEMS = 1_000;
    private static final int ITEM = 10_000;
    private static final int CORRECTED = 10_000;
    private static final int PATH = 4_096;
    private static final int ERROR = 2_000;

    private final PrivacyFilter privacy;
    private final TextCleaner cleaner;

    ImportRules(PrivacyFilter privacy, TextCleaner cleaner) {
        this.privacy = privacy;
        this.cleaner = cleaner;
    }

    /** How many UTF-16 units of text there are to filter. */
    static long weight(ImportLines request) {
        return request.lines().stream().mapToLong(String::length).sum();
    }

    /**
     * The same lines with clean texts; headers and blank lines are left as they are.
     *
     * @throws CairnException INVALID_ARGUMENT naming the first line at fault and its field
     */
    ImportLines clean(ImportLines request) {
        List<String> clean = new java.util.ArrayList<>(request.lines().size());
        for (int i = 0; i < request.lines().size(); i++) {
            String text = request.lines().get(i);
            Place place = new Place(i, request.firstLine() + i);
            ExportLine line = ExportFormat.read(text, place);
            clean.add(line == null ? text : ExportFormat.write(new Line(place).clean(line)));
        }
        return new ImportLines(clean, request.firstLine(), request.dryRun());
    }

    /** One line, for refusals. */
    private final class Line {
        private final Place place;

        Line(Place place) {
            this.place = place;
        }

        ExportLine clean(ExportLine line) {
            if (line instanceof ExportLine.SessionLine session) {
                return session(session);
            } else if (line instanceof ExportLine.TurnLine turn) {
                return turn(turn);
            } else if (line instanceof ExportLine.PromptLine prompt) {
                return prompt(prompt);
            } else if (line instanceof ExportLine.ObservationLine observation) {
                return observation(observation);
            } else if (line instanceof ExportLine.SummaryLine summary) {
                return summary(summary);
            } else if (line instanceof ExportLine.ToolUseLine use) {
                return toolUse(use);
            } else if (line instanceof ExportLine.NoteLine note) {
                return note(note);
            }
            return line;
        }

        private ExportLine session(ExportLine.SessionLine line) {
            id(line.id());
            origin(line.platform(), line.sessionId());
            atMost(line.cwd(), PATH, "cwd");
            atMost(line.endReason(), EventRules.ID, "endReason");
            time(line.startedAt(), "startedAt");
            if (line.endedAt() != null) {
                time(line.endedAt(), "endedAt");
            }
            return new ExportLine.SessionLine(
                    line.record(),
                    line.id(),
                    line.platform(),
                    line.sessionId(),
                    project(line.project()),
                    line.cwd(),
                    line.startedAt(),
                    line.endedAt(),
                    line.endReason(),
                    source(line.source(), Origin.SESSION));
        }

        private ExportLine turn(ExportLine.TurnLine line) {
            origin(line.platform(), line.sessionId());
            key(line.key());
            time(line.startedAt(), "startedAt");
            time(line.lastEventAt(), "lastEventAt");
            if (!STATES.contains(line.state())) {
                throw place.invalid("state", "state must be done, waiting or parked");
            }
            atMost(line.error(), ERROR, "error");
            return new ExportLine.TurnLine(
                    line.record(),
                    line.platform(),
                    line.sessionId(),
                    line.number(),
                    line.promptId(),
                    project(line.project()),
                    line.state(),
                    text(line.error(), ERROR),
                    line.startedAt(),
                    line.lastEventAt());
        }

        private ExportLine prompt(ExportLine.PromptLine line) {
            memory(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), line.copy());
            return new ExportLine.PromptLine(
                    line.record(),
                    line.id(),
                    project(line.project()),
                    line.platform(),
                    line.sessionId(),
                    line.turn(),
                    cleaner.cleanText(line.text()),
                    line.createdAt(),
                    line.copy(),
                    source(line.source(), Origin.PROMPT));
        }

        private ExportLine observation(ExportLine.ObservationLine line) {
            memory(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), line.copy());
            if (!TYPE.matcher(line.type()).matches()) {
                throw place.invalid("type", "type must be 1 to 32 lower-case letters, digits, '-' and '_'");
            }
            if (line.commands().size() > ITEMS) {
                throw place.invalid("commands", "commands must hold at most " + ITEMS);
            }
            return new ExportLine.ObservationLine(
                    line.record(),
                    line.id(),
                    project(line.project()),
                    line.platform(),
                    line.sessionId(),
                    line.turn(),
                    line.type(),
                    text(line.title(), ITEM),
                    text(line.subtitle(), ITEM),
                    text(line.narrative(), NewMemory.MAX_TEXT),
                    texts(line.facts(), "facts"),
                    texts(line.concepts(), "concepts"),
                    paths(line.filesRead(), "filesRead"),
                    paths(line.filesModified(), "filesModified"),
                    line.commands().stream()
                            .map(run -> new CommandRun(filtered(run.command(), ITEM), text(run.outcome(), ITEM)))
                            .toList(),
                    line.createdAt(),
                    line.copy(),
                    corrected(line.corrected()),
                    source(line.source(), Origin.OBSERVATION),
                    times(line.times()));
        }

        private @Nullable Integer times(@Nullable Integer times) {
            if (times != null && times < 1) {
                throw place.invalid("times", "times must be 1 or more, not " + times);
            }
            return times;
        }

        /** Their titles went through the same when they came. */
        private List<ExportLine.CorrectedKey> corrected(List<ExportLine.CorrectedKey> keys) {
            if (keys.size() > CORRECTED) {
                throw place.invalid("supersedes", "supersedes must hold at most " + CORRECTED + ", not " + keys.size());
            }
            return keys.stream()
                    .map(key -> new ExportLine.CorrectedKey(
                            key.id(), key.project(), key.createdAt(), text(key.title(), ITEM), key.digest()))
                    .toList();
        }

        private ExportLine summary(ExportLine.SummaryLine line) {
            memory(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), null);
            return new ExportLine.SummaryLine(
                    line.record(),
                    line.id(),
                    project(line.project()),
                    line.platform(),
                    line.sessionId(),
                    line.turn(),
                    text(line.request(), NewMemory.MAX_TEXT),
                    text(line.investigated(), NewMemory.MAX_TEXT),
                    text(line.learned(), NewMemory.MAX_TEXT),
                    text(line.completed(), NewMemory.MAX_TEXT),
                    text(line.nextSteps(), NewMemory.MAX_TEXT),
                    text(line.notes(), NewMemory.MAX_TEXT),
                    paths(line.filesRead(), "filesRead"),
                    paths(line.filesModified(), "filesModified"),
                    line.createdAt(),
                    source(line.source(), Origin.SUMMARY));
        }

        private ExportLine toolUse(ExportLine.ToolUseLine line) {
            memory(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), line.copy());
            atMost(line.agentId(), EventRules.ID, "agentId");
            length(line.toolName(), 1, EventRules.TOOL_NAME, "toolName");
            atMost(line.toolUseId(), EventRules.ID, "toolUseId");
            if (line.durationMs() != null && line.durationMs() < 0) {
                throw place.invalid("durationMs", "durationMs is below 0; leave it out if it is not known");
            }
            ExportLine.ObservationKey made = line.observation();
            return new ExportLine.ToolUseLine(
                    line.record(),
                    line.id(),
                    project(line.project()),
                    line.platform(),
                    line.sessionId(),
                    line.turn(),
                    line.agentId(),
                    line.toolName(),
                    line.toolUseId(),
                    json(line.input(), "input"),
                    json(line.response(), "response"),
                    line.error() == null ? null : cleaner.cleanText(line.error()),
                    line.durationMs(),
                    line.observed(),
                    // The observation's own title went through the same.
                    made == null
                            ? null
                            : new ExportLine.ObservationKey(made.id(), made.createdAt(), text(made.title(), ITEM)),
                    line.createdAt(),
                    line.copy(),
                    source(line.source(), Origin.TOOL_USE));
        }

        private ExportLine note(ExportLine.NoteLine line) {
            origin(line.platform(), line.sessionId());
            key(line.turn());
            time(line.createdAt(), "createdAt");
            atMost(line.agentId(), EventRules.ID, "agentId");
            atMost(line.detail(), EventRules.ID, "detail");
            if (!NOTES.contains(line.kind())) {
                throw place.invalid("kind", "kind must be STOP, SUBAGENT_STOP or COMPACT");
            }
            return new ExportLine.NoteLine(
                    line.record(),
                    line.platform(),
                    line.sessionId(),
                    line.turn(),
                    line.kind(),
                    line.agentId(),
                    line.detail(),
                    line.text() == null ? null : cleaner.cleanText(line.text()),
                    line.createdAt());
        }

        private void memory(
                long id,
                String platform,
                @Nullable String sessionId,
                ExportLine.@Nullable TurnKey turn,
                long createdAt,
                @Nullable Integer copy) {
            id(id);
            platform(platform);
            if (sessionId != null) {
                length(sessionId, 1, EventRules.ID, "sessionId");
            }
            if (turn != null) {
                key(turn);
            }
            time(createdAt, "createdAt");
            if (copy != null && copy < 0) {
                throw place.invalid("copy", "copy counts from 0; leave it out");
            }
        }

        private @Nullable String source(@Nullable String source, String kind) {
            if (source != null) {
                Origin origin = Origin.read(source);
                if (origin == null || !origin.kind().equals(kind)) {
                    throw place.invalid(
                            "source",
                            "source must be such as claude-mem:" + kind + ":12; leave it out for what comes from here");
                }
            }
            return source;
        }

        private void id(long id) {
            if (id < 1) {
                throw place.invalid("id", "id must be 1 or more, not " + id);
            }
        }

        private void origin(String platform, String sessionId) {
            platform(platform);
            length(sessionId, 1, EventRules.ID, "sessionId");
        }

        private void platform(String platform) {
            if (!EventRules.PLATFORM.matcher(platform).matches()) {
                throw place.invalid("platform", "platform must be 1 to 32 lower-case letters, digits and hyphens");
            }
        }

        private void key(ExportLine.TurnKey turn) {
            if (turn.number() < 1) {
                throw place.invalid("turn.number", "a turn's number is 1 or more, not " + turn.number());
            }
            atMost(turn.promptId(), EventRules.ID, "turn.promptId");
            if (turn.promptId() == null && turn.startedAt() == null) {
                throw place.invalid("turn.startedAt", "a turn without promptId needs startedAt");
            }
        }

        private void time(long at, String field) {
            if (at < 0 || at > EventRules.LAST_TIME) {
                throw place.invalid(field, field + " must be epoch milliseconds, not " + at);
            }
        }

        private Project project(Project project) {
            length(project.key(), 1, PATH, "project.key");
            length(project.name(), 1, PATH, "project.name");
            return project;
        }

        private List<String> texts(List<String> texts, String field) {
            size(texts, field);
            return texts.stream().map(text -> filtered(text, ITEM)).toList();
        }

        private List<String> paths(List<String> paths, String field) {
            size(paths, field);
            for (int i = 0; i < paths.size(); i++) {
                length(paths.get(i), 0, ITEM, field + "[" + i + "]");
            }
            return paths;
        }

        private void size(List<String> items, String field) {
            if (items.size() > ITEMS) {
                throw place.invalid(field, field + " must hold at most " + ITEMS + ", not " + items.size());
            }
        }

        private void atMost(@Nullable String value, int most, String field) {
            if (value != null) {
                length(value, 0, most, field);
            }
        }

        private void length(String value, int least, int most, String field) {
            if (value.length() < least || value.length() > most) {
                throw place.invalid(
                        field, field + " must have " + least + " to " + most + " characters, not " + value.length());
            }
        }

        private @Nullable String json(@Nullable String json, String field) {
            if (json == null) {
                return null;
            }
            try {
                return cleaner.cleanJson(json);
            } catch (IllegalArgumentException e) {
                throw place.invalid(field, field + " must be JSON text: " + e.getMessage());
            }
        }

        private @Nullable String text(@Nullable String text, int most) {
            return text == null ? null : filtered(text, most);
        }

        private String filtered(String text, int most) {
            return SaveRules.clean(text, most, privacy);
        }
    }
}

package dev.cairn.session;

import static dev.cairn.session.FieldRules.atMost;
import static dev.cairn.session.LineChecks.project;
import static dev.cairn.session.LineChecks.source;
import static dev.cairn.session.LineChecks.time;

import dev.cairn.bus.ExportLine;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Origin;
import dev.cairn.model.CairnException;
import dev.cairn.model.CommandRun;
import dev.cairn.model.EventKind;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.TextCleaner;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each kind of line of an export must be like, and what the privacy filter and the size caps make of it. Lengths in UTF-16
 * units. Thread-safe.
 */
final class LineRules {
    private static final Set<String> NOTES =
            Set.of(EventKind.STOP.name(), EventKind.SUBAGENT_STOP.name(), EventKind.COMPACT.name());
    private static final Set<String> STATES =
            Set.of(ExportLine.TurnLine.DONE, ExportLine.TurnLine.WAITING, ExportLine.TurnLine.PARKED);

    private static final int ITEMS = 1_000;
    private static final int ITEM = 10_000;
    private static final int CORRECTED = 10_000;
    private static final int ERROR = 2_000;

    private final PrivacyFilter privacy;
    private final TextCleaner cleaner;

    LineRules(PrivacyFilter privacy, TextCleaner cleaner) {
        this.privacy = privacy;
        this.cleaner = cleaner;
    }

    /**
     * The same line with clean texts; the last line as it is.
     *
     * @throws CairnException INVALID_ARGUMENT naming the first field at fault, within the line
     */
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
        LineChecks.id(line.id());
        LineChecks.session(line.platform(), line.sessionId());
        atMost(line.cwd(), LineChecks.PATH, "cwd");
        atMost(line.endReason(), FieldRules.ID, "endReason");
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
        LineChecks.session(line.platform(), line.sessionId());
        LineChecks.turn(line.key());
        time(line.startedAt(), "startedAt");
        time(line.lastEventAt(), "lastEventAt");
        if (!STATES.contains(line.state())) {
            throw CairnException.invalid("state", "state must be done, waiting or parked");
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
        LineChecks.record(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), line.copy());
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
        LineChecks.record(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), line.copy());
        FieldRules.type(line.type(), "type");
        if (line.commands().size() > ITEMS) {
            throw CairnException.invalid("commands", "commands must hold at most " + ITEMS);
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

    private static @Nullable Integer times(@Nullable Integer times) {
        if (times != null && times < 1) {
            throw CairnException.invalid("times", "times must be 1 or more, not " + times);
        }
        return times;
    }

    /** Their titles went through the same when they came. */
    private List<ExportLine.CorrectedKey> corrected(List<ExportLine.CorrectedKey> keys) {
        FieldRules.count(keys, CORRECTED, "supersedes");
        return keys.stream()
                .map(key -> new ExportLine.CorrectedKey(
                        key.id(), key.project(), key.createdAt(), text(key.title(), ITEM), key.digest()))
                .toList();
    }

    private ExportLine summary(ExportLine.SummaryLine line) {
        LineChecks.record(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), null);
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
        LineChecks.record(line.id(), line.platform(), line.sessionId(), line.turn(), line.createdAt(), line.copy());
        atMost(line.agentId(), FieldRules.ID, "agentId");
        FieldRules.length(line.toolName(), 1, FieldRules.TOOL_NAME, "toolName");
        atMost(line.toolUseId(), FieldRules.ID, "toolUseId");
        FieldRules.durationMs(line.durationMs(), "durationMs");
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
        LineChecks.session(line.platform(), line.sessionId());
        LineChecks.turn(line.turn());
        time(line.createdAt(), "createdAt");
        atMost(line.agentId(), FieldRules.ID, "agentId");
        atMost(line.detail(), FieldRules.ID, "detail");
        if (!NOTES.contains(line.kind())) {
            throw CairnException.invalid("kind", "kind must be STOP, SUBAGENT_STOP or COMPACT");
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

    private List<String> texts(List<String> texts, String field) {
        FieldRules.count(texts, ITEMS, field);
        return texts.stream().map(text -> filtered(text, ITEM)).toList();
    }

    private static List<String> paths(List<String> paths, String field) {
        FieldRules.all(paths, ITEMS, ITEM, field);
        return paths;
    }

    private @Nullable String json(@Nullable String json, String field) {
        if (json == null) {
            return null;
        }
        try {
            return cleaner.cleanJson(json);
        } catch (IllegalArgumentException e) {
            throw CairnException.invalid(field, field + " must be JSON text: " + e.getMessage());
        }
    }

    private @Nullable String text(@Nullable String text, int most) {
        return text == null ? null : filtered(text, most);
    }

    private String filtered(String text, int most) {
        return SaveRules.clean(text, most, privacy);
    }
}

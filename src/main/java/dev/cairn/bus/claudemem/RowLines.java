package dev.cairn.bus.claudemem;

import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportLine.TurnKey;
import dev.cairn.bus.Origin;
import dev.cairn.model.Project;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of an export of claude-mem's rows. A line keeps the row's id as its {@code source}, and says no id of its own, so
 * it gets the next one here. What has no place here is left out: token counts, hashes, the generating model, synchronisation.
 *
 * <p>Every line that is made is one that an import accepts: what is too long is cut, what is malformed is kept as text. Thread-safe.
 */
public final class RowLines {
    /** The other memory's name, in front of its ids. */
    public static final String MEMORY = "claude-mem";

    /** What an observation is whose type says nothing. */
    private static final String NO_TYPE = "note";

    private static final int ID = 200;
    private static final int TOOL_NAME = 256;
    private static final int TYPE = 32;
    private static final int PLATFORM = 32;
    /**
     * A text, in UTF-16 units. The importing worker cuts texts to lengths of its own, after it has looked for what must not be
     * kept; this one keeps a line within what a worker reads.
     */
    private static final int MAX_TEXT = 128 * 1024;

    /** The year 9999. */
    private static final long LAST_TIME = 253_402_300_799_999L;

    /** Any id will do below what was given: the importer then gives the next. */
    private static final long NEXT_ID = 1;

    private RowLines() {}

    /**
     * Where a row belongs.
     *
     * @param platform of {@link #platform}
     * @param sessionId of {@link #sessionId}; null for an observation without a session
     */
    public record Owner(String platform, @Nullable String sessionId, Project project) {}

    /** A row's line, or why there is none. */
    public record Mapped(
            @Nullable ExportLine line, @Nullable String skipped) {
        static Mapped of(ExportLine line) {
            return new Mapped(line, null);
        }

        static Mapped skip(String why) {
            return new Mapped(null, why);
        }
    }

    /** The agent as it is called here: {@code claude}, and none, is {@code claude-code}. */
    public static String platform(@Nullable String source) {
        String name =
                source == null ? "" : source.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
        return name.isEmpty() || name.equals("claude")
                ? "claude-code"
                : name.substring(0, Math.min(name.length(), PLATFORM));
    }

    /** A session's id as it can stand here. */
    public static String sessionId(String id) {
        return Cut.id(id, ID);
    }

    /** The turn of a prompt number of a session; a row without a number is in a turn of its own. */
    public static TurnKey turn(@Nullable Long promptNumber) {
        long number = promptNumber == null || promptNumber < 1 || promptNumber > 1_000_000 ? 0 : promptNumber;
        return new TurnKey((int) Math.max(1, number), MEMORY + ":" + number, null);
    }

    /** The turn of a summary that is not the first of its prompt: here a turn has one. */
    public static TurnKey turnOfSummary(@Nullable Long promptNumber, long summary) {
        return new TurnKey(turn(promptNumber).number(), MEMORY + ":S" + summary, null);
    }

    public static ExportLine.SessionLine session(
            Owner owner, @Nullable Long id, @Nullable String cwd, long startedAt, @Nullable Long endedAt) {
        return new ExportLine.SessionLine(
                ExportLine.SessionLine.NAME,
                NEXT_ID,
                owner.platform(),
                Objects.requireNonNull(owner.sessionId(), "a session has an id"),
                owner.project(),
                cwd == null || cwd.length() > 4_096 ? null : cwd,
                time(startedAt),
                endedAt == null ? null : (Long) time(endedAt),
                null,
                id == null ? null : source(Origin.SESSION, id));
    }

    /** @param startedAt, lastAt epoch milliseconds of the first and the last of its rows */
    public static ExportLine.TurnLine turn(Owner owner, TurnKey key, long startedAt, long lastAt) {
        return new ExportLine.TurnLine(
                ExportLine.TurnLine.NAME,
                owner.platform(),
                Objects.requireNonNull(owner.sessionId(), "a turn has a session"),
                key.number(),
                key.promptId(),
                owner.project(),
                ExportLine.TurnLine.DONE,
                null,
                time(startedAt),
                time(lastAt));
    }

    /** @param row of {@code user_prompts} */
    public static Mapped prompt(ForeignRow row, long id, long createdAt, Owner owner, TurnKey turn) {
        String text = row.text("prompt_text");
        if (text == null || text.isBlank()) {
            return Mapped.skip("prompt without text");
        }
        return Mapped.of(new ExportLine.PromptLine(
                ExportLine.PromptLine.NAME,
                NEXT_ID,
                owner.project(),
                owner.platform(),
                owner.sessionId(),
                owner.sessionId() == null ? null : turn,
                Cut.middle(text, MAX_TEXT),
                createdAt,
                null,
                source(Origin.PROMPT, id)));
    }

    /** @param row of {@code observations} */
    public static Mapped observation(ForeignRow row, long id, long createdAt, Owner owner, @Nullable TurnKey turn) {
        String title = text(row, "title");
        String subtitle = text(row, "subtitle");
        String narrative = narrative(row);
        List<String> facts = JsonColumn.list(row.text("facts"));
        List<String> concepts = JsonColumn.list(row.text("concepts"));
        if (title == null && subtitle == null && narrative == null && facts.isEmpty()) {
            return Mapped.skip("observation without text");
        }
        return Mapped.of(new ExportLine.ObservationLine(
                ExportLine.ObservationLine.NAME,
                NEXT_ID,
                owner.project(),
                owner.platform(),
                owner.sessionId(),
                owner.sessionId() == null ? null : turn,
                type(row.text("type")),
                title,
                subtitle,
                narrative,
                facts,
                concepts,
                JsonColumn.list(row.text("files_read")),
                JsonColumn.list(row.text("files_modified")),
                List.of(),
                createdAt,
                null,
                null,
                source(Origin.OBSERVATION, id),
                null));
    }

    /** Older rows have their text in a column of its own. */
    private static @Nullable String narrative(ForeignRow row) {
        String narrative = text(row, "narrative");
        String text = text(row, "text");
        if (narrative == null || text == null || narrative.contains(text)) {
            return narrative == null ? text : narrative;
        }
        return Cut.middle(narrative + "\n\n" + text, MAX_TEXT);
    }

    /**
     * @param row of {@code session_summaries}
     * @param owner with a session
     */
    public static Mapped summary(ForeignRow row, long id, long createdAt, Owner owner, TurnKey turn) {
        String request = text(row, "request");
        String investigated = text(row, "investigated");
        String learned = text(row, "learned");
        String completed = text(row, "completed");
        String nextSteps = text(row, "next_steps");
        String notes = text(row, "notes");
        if (Stream.of(request, investigated, learned, completed, nextSteps, notes)
                .allMatch(Objects::isNull)) {
            return Mapped.skip("summary without text");
        }
        return Mapped.of(new ExportLine.SummaryLine(
                ExportLine.SummaryLine.NAME,
                NEXT_ID,
                owner.project(),
                owner.platform(),
                Objects.requireNonNull(owner.sessionId(), "a summary has a session"),
                turn,
                request,
                investigated,
                learned,
                completed,
                nextSteps,
                notes,
                JsonColumn.list(row.text("files_read")),
                JsonColumn.list(row.text("files_edited")),
                createdAt,
                source(Origin.SUMMARY, id)));
    }

    /**
     * @param row of {@code tool_uses}
     * @param owner with a session
     * @param made the observation that was made of it; null when there is none
     */
    public static Mapped toolUse(
            ForeignRow row,
            long id,
            long createdAt,
            Owner owner,
            TurnKey turn,
            ExportLine.@Nullable ObservationKey made) {
        String name = row.text("tool_name");
        if (name == null || name.isBlank()) {
            return Mapped.skip("tool use without the tool's name");
        }
        String agent = row.text("agent_id");
        String use = row.text("tool_use_id");
        return Mapped.of(new ExportLine.ToolUseLine(
                ExportLine.ToolUseLine.NAME,
                NEXT_ID,
                owner.project(),
                owner.platform(),
                Objects.requireNonNull(owner.sessionId(), "a tool use has a session"),
                turn,
                agent == null || agent.isBlank() ? null : Cut.id(agent, ID),
                Cut.id(name, TOOL_NAME),
                use == null || use.isBlank() ? null : Cut.id(use, ID),
                JsonColumn.raw(row.text("tool_input"), MAX_TEXT),
                JsonColumn.raw(row.text("tool_response"), MAX_TEXT),
                null,
                null,
                true,
                made,
                createdAt,
                null,
                source(Origin.TOOL_USE, id)));
    }

    /** The reference of a tool use to its observation. */
    public static ExportLine.ObservationKey made(long id, long createdAt, @Nullable String title) {
        return new ExportLine.ObservationKey(
                id, createdAt, title == null || title.isBlank() ? null : Cut.middle(title, MAX_TEXT));
    }

    /** As an import takes it: an unknown type is kept. */
    static String type(@Nullable String type) {
        String word = type == null ? "" : type.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-");
        return word.isEmpty() ? NO_TYPE : word.substring(0, Math.min(word.length(), TYPE));
    }

    /** Whether it can be a time here: epoch milliseconds up to the year 9999. */
    public static boolean isTime(@Nullable Long at) {
        return at != null && at >= 0 && at <= LAST_TIME;
    }

    private static long time(long at) {
        return Math.max(0, Math.min(at, LAST_TIME));
    }

    private static String source(String kind, long id) {
        return new Origin(MEMORY, kind, Long.toString(id)).toString();
    }

    private static @Nullable String text(ForeignRow row, String column) {
        String text = row.text(column);
        return text == null || text.isBlank() ? null : Cut.middle(text, MAX_TEXT);
    }
}

package dev.cairn.bus;

import dev.cairn.model.CommandRun;
import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export. Lines stand in this order: {@link Header}, sessions, turns, memories by id, tool uses by id, notes,
 * {@link End}; so a line refers only to what stands before it. Times are epoch milliseconds. Fields that are null are left out.
 *
 * <p>{@code source} is what another memory called the record, as {@link Origin} writes it; null for what came from nowhere else.
 */
public sealed interface ExportLine {
    /** What {@code record} says. */
    String record();

    /** The first line. It says the same in every export, so that equal content makes equal files. */
    record Header(String cairn, int version) {
        public static final String NAME = "export";
        public static final int VERSION = 1;
    }

    /**
     * A turn as lines behind it name it: by the host's prompt id, or when it gave none by number and begin.
     *
     * @param number its number in the session that was exported
     */
    record TurnKey(
            int number, @Nullable String promptId, @Nullable Long startedAt) {}

    /** The observation that was made of a tool use. */
    record ObservationKey(long id, long createdAt, @Nullable String title) {}

    /**
     * An observation that another one corrects.
     *
     * @param project its project's key
     * @param digest of its type and text: of several saved in one moment it tells the one that is meant
     */
    record CorrectedKey(
            long id,
            String project,
            long createdAt,
            @Nullable String title,
            String digest) {}

    record SessionLine(
            String record,
            long id,
            String platform,
            String sessionId,
            Project project,
            @Nullable String cwd,
            long startedAt,
            @Nullable Long endedAt,
            @Nullable String endReason,
            @Nullable String source)
            implements ExportLine {
        public static final String NAME = "session";

        /** One that came from nowhere else. */
        public SessionLine(
                String record,
                long id,
                String platform,
                String sessionId,
                Project project,
                @Nullable String cwd,
                long startedAt,
                @Nullable Long endedAt,
                @Nullable String endReason) {
            this(record, id, platform, sessionId, project, cwd, startedAt, endedAt, endReason, null);
        }
    }

    /**
     * @param state {@link #DONE}, {@link #WAITING} to be observed, or {@link #PARKED} after too many failures
     * @param error why it was parked
     */
    record TurnLine(
            String record,
            String platform,
            String sessionId,
            int number,
            @Nullable String promptId,
            Project project,
            String state,
            @Nullable String error,
            long startedAt,
            long lastEventAt)
            implements ExportLine {
        public static final String NAME = "turn";
        public static final String DONE = "done";
        public static final String WAITING = "waiting";
        public static final String PARKED = "parked";

        public TurnKey key() {
            return new TurnKey(number, promptId, promptId == null ? startedAt : null);
        }
    }

    /** @param copy how many records before it are like it in everything but the id; null for none */
    record PromptLine(
            String record,
            long id,
            Project project,
            String platform,
            @Nullable String sessionId,
            @Nullable TurnKey turn,
            String text,
            long createdAt,
            @Nullable Integer copy,
            @Nullable String source)
            implements ExportLine {
        public static final String NAME = "prompt";

        /** One that came from nowhere else. */
        public PromptLine(
                String record,
                long id,
                Project project,
                String platform,
                @Nullable String sessionId,
                @Nullable TurnKey turn,
                String text,
                long createdAt,
                @Nullable Integer copy) {
            this(record, id, project, platform, sessionId, turn, text, createdAt, copy, null);
        }
    }

    /**
     * @param sessionId null for a memory that was saved by hand
     * @param copy how many records before it are like it in everything but the id; null for none
     * @param supersedes the observations it corrects, by id; null for none
     * @param times how often its session brought the same; null for once
     */
    record ObservationLine(
            String record,
            long id,
            Project project,
            String platform,
            @Nullable String sessionId,
            @Nullable TurnKey turn,
            String type,
            @Nullable String title,
            @Nullable String subtitle,
            @Nullable String narrative,
            List<String> facts,
            List<String> concepts,
            List<String> filesRead,
            List<String> filesModified,
            List<CommandRun> commands,
            long createdAt,
            @Nullable Integer copy,
            @Nullable List<CorrectedKey> supersedes,
            @Nullable String source,
            @Nullable Integer times)
            implements ExportLine {
        public static final String NAME = "observation";

        public ObservationLine {
            facts = List.copyOf(facts);
            concepts = List.copyOf(concepts);
            filesRead = List.copyOf(filesRead);
            filesModified = List.copyOf(filesModified);
            commands = List.copyOf(commands);
            supersedes = supersedes == null || supersedes.isEmpty() ? null : List.copyOf(supersedes);
        }

        /** One that was brought once. */
        public ObservationLine(
                String record,
                long id,
                Project project,
                String platform,
                @Nullable String sessionId,
                @Nullable TurnKey turn,
                String type,
                @Nullable String title,
                @Nullable String subtitle,
                @Nullable String narrative,
                List<String> facts,
                List<String> concepts,
                List<String> filesRead,
                List<String> filesModified,
                List<CommandRun> commands,
                long createdAt,
                @Nullable Integer copy,
                @Nullable List<CorrectedKey> supersedes,
                @Nullable String source) {
            this(
                    record,
                    id,
                    project,
                    platform,
                    sessionId,
                    turn,
                    type,
                    title,
                    subtitle,
                    narrative,
                    facts,
                    concepts,
                    filesRead,
                    filesModified,
                    commands,
                    createdAt,
                    copy,
                    supersedes,
                    source,
                    null);
        }

        /** One that corrects none. */
        public ObservationLine(
                String record,
                long id,
                Project project,
                String platform,
                @Nullable String sessionId,
                @Nullable TurnKey turn,
                String type,
                @Nullable String title,
                @Nullable String subtitle,
                @Nullable String narrative,
                List<String> facts,
                List<String> concepts,
                List<String> filesRead,
                List<String> filesModified,
                List<CommandRun> commands,
                long createdAt,
                @Nullable Integer copy) {
            this(
                    record,
                    id,
                    project,
                    platform,
                    sessionId,
                    turn,
                    type,
                    title,
                    subtitle,
                    narrative,
                    facts,
                    concepts,
                    filesRead,
                    filesModified,
                    commands,
                    createdAt,
                    copy,
                    null,
                    null);
        }

        /** One that came from nowhere else. */
        public ObservationLine(
                String record,
                long id,
                Project project,
                String platform,
                @Nullable String sessionId,
                @Nullable TurnKey turn,
                String type,
                @Nullable String title,
                @Nullable String subtitle,
                @Nullable String narrative,
                List<String> facts,
                List<String> concepts,
                List<String> filesRead,
                List<String> filesModified,
                List<CommandRun> commands,
                long createdAt,
                @Nullable Integer copy,
                @Nullable List<CorrectedKey> supersedes) {
            this(
                    record,
                    id,
                    project,
                    platform,
                    sessionId,
                    turn,
                    type,
                    title,
                    subtitle,
                    narrative,
                    facts,
                    concepts,
                    filesRead,
                    filesModified,
                    commands,
                    createdAt,
                    copy,
                    supersedes,
                    null);
        }

        /** Those it corrects; none when it corrects none. */
        public List<CorrectedKey> corrected() {
            return supersedes == null ? List.of() : supersedes;
        }
    }

    record SummaryLine(
            String record,
            long id,
            Project project,
            String platform,
            String sessionId,
            TurnKey turn,
            @Nullable String request,
            @Nullable String investigated,
            @Nullable String learned,
            @Nullable String completed,
            @Nullable String nextSteps,
            @Nullable String notes,
            List<String> filesRead,
            List<String> filesModified,
            long createdAt,
            @Nullable String source)
            implements ExportLine {
        public static final String NAME = "summary";

        public SummaryLine {
            filesRead = List.copyOf(filesRead);
            filesModified = List.copyOf(filesModified);
        }

        /** One that came from nowhere else. */
        public SummaryLine(
                String record,
                long id,
                Project project,
                String platform,
                String sessionId,
                TurnKey turn,
                @Nullable String request,
                @Nullable String investigated,
                @Nullable String learned,
                @Nullable String completed,
                @Nullable String nextSteps,
                @Nullable String notes,
                List<String> filesRead,
                List<String> filesModified,
                long createdAt) {
            this(
                    record,
                    id,
                    project,
                    platform,
                    sessionId,
                    turn,
                    request,
                    investigated,
                    learned,
                    completed,
                    nextSteps,
                    notes,
                    filesRead,
                    filesModified,
                    createdAt,
                    null);
        }
    }

    /**
     * @param input JSON text, as it is stored
     * @param response JSON text, as it is stored
     * @param observed whether an observer has seen it
     * @param copy how many records before it are like it in everything but the id; null for none
     */
    record ToolUseLine(
            String record,
            long id,
            Project project,
            String platform,
            String sessionId,
            TurnKey turn,
            @Nullable String agentId,
            String toolName,
            @Nullable String toolUseId,
            @Nullable String input,
            @Nullable String response,
            @Nullable String error,
            @Nullable Long durationMs,
            boolean observed,
            @Nullable ObservationKey observation,
            long createdAt,
            @Nullable Integer copy,
            @Nullable String source)
            implements ExportLine {
        public static final String NAME = "toolUse";

        /** One that came from nowhere else. */
        public ToolUseLine(
                String record,
                long id,
                Project project,
                String platform,
                String sessionId,
                TurnKey turn,
                @Nullable String agentId,
                String toolName,
                @Nullable String toolUseId,
                @Nullable String input,
                @Nullable String response,
                @Nullable String error,
                @Nullable Long durationMs,
                boolean observed,
                @Nullable ObservationKey observation,
                long createdAt,
                @Nullable Integer copy) {
            this(
                    record,
                    id,
                    project,
                    platform,
                    sessionId,
                    turn,
                    agentId,
                    toolName,
                    toolUseId,
                    input,
                    response,
                    error,
                    durationMs,
                    observed,
                    observation,
                    createdAt,
                    copy,
                    null);
        }
    }

    /**
     * What was said during a turn.
     *
     * @param kind STOP, SUBAGENT_STOP or COMPACT
     */
    record NoteLine(
            String record,
            String platform,
            String sessionId,
            TurnKey turn,
            String kind,
            @Nullable String agentId,
            @Nullable String detail,
            @Nullable String text,
            long createdAt)
            implements ExportLine {
        public static final String NAME = "note";
    }

    /** The last line: what waits to be observed is complete and may be observed. */
    record End(String record) implements ExportLine {
        public static final String NAME = "end";
    }
}

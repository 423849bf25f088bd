package dev.cairn.bus;

import dev.cairn.model.CommandRun;
import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export. Lines stand in this order: {@link Header}, sessions, turns, memories by id, tool uses by id, notes,
 * {@link End}; so a line refers only to what stands before it. Times are epoch milliseconds. Fields that are null are left out.
 *
 * <p>{@code id} is the record's number in the store that was exported, from 1; {@code copy} is how many records before it are
 * like it in everything but the id, null for none. {@code source} is what another memory called the record, as {@link Origin} writes it; null for what came from nowhere else.
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

    /**
     * A session of an agent.
     *
     * @param sessionId the host's id of it
     * @param cwd the directory it began in
     */
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
    }

    /**
     * A turn of a session.
     *
     * @param number its place in its session, from 1
     * @param promptId the host's id of the prompt that began it; null when it gave none
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

    /**
     * What somebody asked an agent.
     *
     * @param sessionId null for one that belongs to no session; then it belongs to no turn either
     */
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
    }

    /**
     * What an observer, or somebody by hand, found worth keeping.
     *
     * @param sessionId null for a memory that was saved by hand
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

        /** Those it corrects; none when it corrects none. */
        public List<CorrectedKey> corrected() {
            return supersedes == null ? List.of() : supersedes;
        }
    }

    /** What came of a turn, of which a turn has one. */
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
    }

    /**
     * A use of a tool by an agent.
     *
     * @param agentId the sub-agent's id; null for the main agent
     * @param toolUseId the host's id of it; null when it gave none
     * @param input JSON text, as it is stored
     * @param response JSON text, as it is stored
     * @param observed whether an observer has seen it
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
    }

    /**
     * What was said during a turn.
     *
     * @param kind STOP, SUBAGENT_STOP or COMPACT
     * @param agentId the sub-agent's id; null for the main agent
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

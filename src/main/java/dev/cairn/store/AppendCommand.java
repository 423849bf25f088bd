package dev.cairn.store;

import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.ToolUse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Stores the events of one session, each once, and moves their turns through the queue's states.
 *
 * <p>A turn is what belongs to one prompt. The host's prompt id tells which; without one an event belongs to the session's
 * latest turn. A turn is open until the next one begins, the agent stops or the session ends; then it is pending. What comes
 * late opens it again.
 */
final class AppendCommand implements Command<Appended> {
    private final AppendEvents request;
    private final MemoryWriter memories;

    AppendCommand(AppendEvents request, MemoryWriter memories) {
        this.request = request;
        this.memories = memories;
    }

    @Override
    public Appended run(Transaction tx) throws SQLException {
        return new Run(tx, memories, request).append(request);
    }

    /** How exactly a turn's last event is kept: idleness is a matter of minutes, and each change costs two indexes. */
    private static final long LAST_EVENT_MS = 1_000;

    /** One run of the command, with what it found out on the way. */
    private static final class Run {
        private final Transaction tx;
        private final MemoryWriter memories;
        private final Project project;
        private final long projectId;
        private final List<Prompt> prompts = new ArrayList<>();
        private final List<ToolUse> toolUses = new ArrayList<>();
        private final List<TurnReady> ready = new ArrayList<>();
        private final List<Session> sessions = new ArrayList<>();
        private final Set<Long> turns = new TreeSet<>();

        Run(Transaction tx, MemoryWriter memories, AppendEvents request) throws SQLException {
            this.tx = tx;
            this.memories = memories;
            this.project = GuessedProject.known(tx, request);
            this.projectId = memories.project(tx, project);
        }

        Appended append(AppendEvents request) throws SQLException {
            List<AgentEvent> events = request.events();
            int stored = 0;
            long id = 0;
            for (AgentEvent event : events) {
                tx.received(event.name());
                SessionRow session = SessionRow.of(tx, event, projectId);
                id = session.id();
                if (store(session, event)) {
                    stored++;
                    session.goOn(tx, event);
                }
                Session now = session.changed() ? session.read(tx) : null;
                if (now != null) {
                    sessions.add(now);
                }
            }
            EventKind first = events.get(0).kind();
            boolean asksTurn = first == EventKind.PROMPT || first == EventKind.SESSION_START;
            Integer turn = asksTurn
                    ? (Integer) (int) tx.number("SELECT max(number) FROM turn WHERE session_id = ?", id)
                    : null;
            Recorded recorded = new Recorded(project, stored, events.size() - stored, id, turn);
            return new Appended(recorded, request.requestId(), List.copyOf(turns), sessions, prompts, toolUses, ready);
        }

        /** Whether it was new. */
        private boolean store(SessionRow session, AgentEvent event) throws SQLException {
            return switch (event.kind()) {
                case SESSION_START -> {
                    session.start(tx, event);
                    yield true;
                }
                case SESSION_END -> {
                    closeOpenTurns(session, event);
                    yield session.end(tx, event);
                }
                case PROMPT, TOOL_USE, STOP, SUBAGENT_STOP, COMPACT -> storeInTurn(session, event);
                case OTHER -> true;
            };
        }

        private boolean storeInTurn(SessionRow session, AgentEvent event) throws SQLException {
            TurnRow turn = event.promptId() != null ? session.turnOfPrompt() : TurnRow.latest(tx, session.id());
            if (isDuplicate(session, turn, event)) {
                if (turn != null) {
                    turns.add(turn.id());
                }
                if (turn != null
                        && event.kind() == EventKind.STOP
                        && turn.state().equals("open")) {
                    moveTo("pending", turn, event);
                }
                return false;
            }
            boolean begins = turn == null || (event.kind() == EventKind.PROMPT && event.promptId() == null);
            TurnRow target = begins || turn == null ? begin(session, event) : turn;
            turns.add(target.id());
            switch (event.kind()) {
                case PROMPT -> storePrompt(session, target, event);
                case TOOL_USE -> storeToolUse(session, target, event);
                default -> storeNote(target, event);
            }
            if (begins) {
                if (target.state().equals("pending")) {
                    ready.add(new TurnReady(target.id(), event.platform(), event.sessionId()));
                }
            } else {
                moveTo(nextState(target, event), target, event);
            }
            return true;
        }

        private boolean isDuplicate(SessionRow session, @Nullable TurnRow turn, AgentEvent event) throws SQLException {
            return switch (event.kind()) {
                case PROMPT -> isSamePrompt(turn, event);
                case TOOL_USE ->
                    event.toolUseId() != null
                            && tx.number(
                                            "SELECT 1 FROM tool_use WHERE session_id = ? AND tool_use_id = ?",
                                            session.id(),
                                            event.toolUseId())
                                    != 0;
                default ->
                    turn != null
                            && tx.number(
                                            "SELECT 1 FROM turn_note WHERE turn_id = ? AND digest = ?",
                                            turn.id(),
                                            digest(event))
                                    != 0;
            };
        }

        private boolean isSamePrompt(@Nullable TurnRow turn, AgentEvent event) throws SQLException {
            if (turn == null) {
                return false;
            }
            if (event.promptId() != null) {
                return tx.number(
                                "SELECT 1 FROM memory WHERE turn_id = ? AND kind = 3 AND text = ? LIMIT 1",
                                turn.id(),
                                promptText(event))
                        != 0;
            }
            String last = tx.first(
                    "SELECT text FROM memory WHERE turn_id = ? AND kind = 3 ORDER BY id DESC LIMIT 1",
                    row -> row.getString(1),
                    turn.id());
            return turn.freshPrompt() && promptText(event).equals(last);
        }

        /** Begins a turn, which ends the session's earlier ones. */
        private TurnRow begin(SessionRow session, AgentEvent event) throws SQLException {
            closeOpenTurns(session, event);
            int number = 1 + (int) tx.number("SELECT max(number) FROM turn WHERE session_id = ?", session.id());
            String state = event.kind() == EventKind.STOP ? "pending" : "open";
            boolean prompt = event.kind() == EventKind.PROMPT;
            long id = tx.insert(
                    "INSERT INTO turn (session_id, project_id, number, prompt_id, state, fresh_prompt, started_at,"
                            + " last_event_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    session.id(),
                    projectId,
                    number,
                    event.promptId(),
                    state,
                    prompt ? 1 : 0,
                    event.at(),
                    event.at());
            return new TurnRow(id, number, state, prompt, false, event.at());
        }

        private void closeOpenTurns(SessionRow session, AgentEvent event) throws SQLException {
            ready.addAll(tx.all(
                    "UPDATE turn SET state = 'pending' WHERE session_id = ? AND state = 'open' RETURNING id",
                    row -> new TurnReady(row.getLong(1), event.platform(), event.sessionId()),
                    session.id()));
        }

        private static String nextState(TurnRow turn, AgentEvent event) {
            return switch (turn.state()) {
                case "open", "done" -> event.kind() == EventKind.STOP ? "pending" : "open";
                default -> turn.state();
            };
        }

        private void moveTo(String state, TurnRow turn, AgentEvent event) throws SQLException {
            boolean dirty = state.equals("claimed");
            boolean prompt = event.kind() == EventKind.PROMPT;
            if (state.equals(turn.state())
                    && dirty == turn.dirty()
                    && prompt == turn.freshPrompt()
                    && event.at() - turn.lastEventAt() < LAST_EVENT_MS) {
                return;
            }
            tx.update(
                    "UPDATE turn SET state = ?, dirty = ?, fresh_prompt = ?, last_event_at = max(last_event_at, ?)"
                            + " WHERE id = ?",
                    state,
                    dirty ? 1 : 0,
                    prompt ? 1 : 0,
                    event.at(),
                    turn.id());
            if (state.equals("pending") && !turn.state().equals("pending")) {
                ready.add(new TurnReady(turn.id(), event.platform(), event.sessionId()));
            }
        }

        private void storePrompt(SessionRow session, TurnRow turn, AgentEvent event) throws SQLException {
            String text = promptText(event);
            long id = memories.prompt(
                    tx, new MemoryWriter.Place(projectId, session.id(), turn.id(), event.platform(), event.at()), text);
            prompts.add(new Prompt(id, project, event.platform(), event.sessionId(), turn.number(), text, event.at()));
        }

        private void storeToolUse(SessionRow session, TurnRow turn, AgentEvent event) throws SQLException {
            String toolName = event.toolName() == null ? event.name() : event.toolName();
            long id = tx.insert(
                    "INSERT INTO tool_use (session_id, turn_id, project_id, created_at, tool_use_id, agent_id,"
                            + " tool_name, duration_ms, error, input, response)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    session.id(),
                    turn.id(),
                    projectId,
                    event.at(),
                    event.toolUseId(),
                    event.agentId(),
                    toolName,
                    event.durationMs(),
                    event.error(),
                    event.toolInput(),
                    event.toolResponse());
            toolUses.add(new ToolUse(
                    id,
                    project,
                    event.platform(),
                    event.sessionId(),
                    turn.number(),
                    event.agentId(),
                    toolName,
                    event.toolUseId(),
                    event.toolInput(),
                    event.toolResponse(),
                    event.error(),
                    event.durationMs(),
                    null,
                    event.at()));
        }

        private void storeNote(TurnRow turn, AgentEvent event) throws SQLException {
            tx.update(
                    "INSERT INTO turn_note (turn_id, kind, agent_id, detail, text, created_at, digest)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    turn.id(),
                    event.kind().name(),
                    event.agentId(),
                    event.detail(),
                    event.text(),
                    event.at(),
                    digest(event));
        }

        private static String promptText(AgentEvent event) {
            return event.prompt() == null ? "" : event.prompt();
        }

        private static byte[] digest(AgentEvent event) {
            return NoteDigest.of(event.kind().name(), event.agentId(), event.text());
        }
    }
}

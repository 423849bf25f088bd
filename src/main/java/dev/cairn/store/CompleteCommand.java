package dev.cairn.store;

import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.CairnException;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Summary;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores what an observer made of a turn and acknowledges the turn, in one transaction. */
final class CompleteCommand implements Command<Completed> {
    static final String UNSEEN =
            "SELECT 1 FROM tool_use INDEXED BY tool_use_by_turn WHERE turn_id = ? AND observed = 0 LIMIT 1";

    /** By their ids: by their turn, each observation would go through all of a long one. */
    private static final String THESE = " WHERE id IN (SELECT value FROM json_each(?)) AND +turn_id = ?";

    static final String SEEN = "UPDATE tool_use SET observed = 1" + THESE;
    private static final String LINKED = "UPDATE tool_use SET observation_id = ?" + THESE;
    private static final String SEEN_AND_LINKED = "UPDATE tool_use SET observed = 1, observation_id = ?" + THESE;

    private record Turn(
            long sessionRow,
            int number,
            boolean dirty,
            String platform,
            String sessionId,
            long projectId,
            Project project) {}

    private record Owner(long projectId, Project project) {}

    private final CompleteTurn request;
    private final MemoryWriter memories;

    CompleteCommand(CompleteTurn request, MemoryWriter memories) {
        this.request = request;
        this.memories = memories;
    }

    @Override
    public Completed run(Transaction tx) throws SQLException {
        TurnQueue.requireClaimed(tx, request.turnId(), request.observer());
        Turn turn = tx.first(
                "SELECT t.session_id, t.number, t.dirty, s.platform, s.session_id, p.id, p.key, p.name FROM turn t"
                        + " JOIN session s ON s.id = t.session_id JOIN project p ON p.id = t.project_id WHERE t.id = ?",
                row -> new Turn(
                        row.getLong(1),
                        row.getInt(2),
                        row.getInt(3) != 0,
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6),
                        new Project(row.getString(7), row.getString(8))),
                request.turnId());
        if (turn == null) {
            throw new IllegalStateException("a claimed turn has no session");
        }
        List<Observation> observations = new ArrayList<>();
        Set<Long> unmarked = new LinkedHashSet<>(request.seen());
        for (NewObservation each : request.observations()) {
            Observation grown = grow(tx, turn, each, unmarked);
            if (grown != null) {
                observations.add(grown);
            } else if (!isKnown(tx, each)) {
                observations.add(store(tx, turn, each, unmarked));
            }
        }
        if (!unmarked.isEmpty()) {
            tx.update(SEEN, Json.column(List.copyOf(unmarked)), request.turnId());
        }
        Summary summary = request.summary() == null ? null : store(tx, turn, request.summary());
        boolean again = request.more() || turn.dirty() || holdsUnseen(tx);
        tx.update(
                "UPDATE turn SET state = ?, dirty = 0, attempts = 0, not_before = 0, last_error = NULL,"
                        + " claimed_by = NULL, claimed_at = NULL WHERE id = ?",
                again ? "pending" : "done",
                request.turnId());
        CompletedTurn answer = new CompletedTurn(
                observations.stream().map(Observation::id).toList(), summary == null ? null : summary.id());
        TurnReady ready = again ? new TurnReady(request.turnId(), turn.platform(), turn.sessionId()) : null;
        return new Completed(answer, observations, summary, ready);
    }

    private boolean holdsUnseen(Transaction tx) throws SQLException {
        return tx.number(UNSEEN, request.turnId()) != 0;
    }

    /**
     * Counts an observation at the one that says the same. Neither what finds that one nor its vector changes.
     *
     * @return what it has grown to; null when this is a new one, or the other is gone
     */
    private @Nullable Observation grow(Transaction tx, Turn turn, NewObservation each, Set<Long> unmarked)
            throws SQLException {
        if (each.times() < 1) {
            throw CairnException.invalid("times", "times must be 1 or more, not " + each.times());
        }
        if (each.sameAs() == null
                || tx.update(
                                "UPDATE memory SET times = min(times + ?, " + Integer.MAX_VALUE
                                        + ") WHERE id = ? AND kind = 1 AND session_id = ?",
                                each.times(),
                                each.sameAs(),
                                turn.sessionRow())
                        == 0) {
            return null;
        }
        link(tx, each, each.sameAs(), unmarked);
        String row = tx.first(
                "SELECT json_array(" + MemoryColumns.COLUMNS + ") FROM memory m" + MemoryColumns.JOINS
                        + " WHERE m.id = ?",
                found -> found.getString(1),
                each.sameAs());
        return row == null ? null : new MemoryColumns(Json.tree(row)).observation();
    }

    /** Whether a turn that is observed again says what it said before, from nothing but words: no tool use marks it as seen. */
    private boolean isKnown(Transaction tx, NewObservation each) throws SQLException {
        return each.toolUseIds().isEmpty()
                && tx.number(
                                "SELECT 1 FROM memory WHERE turn_id = ? AND kind = 1 AND type = ? AND title = ?",
                                request.turnId(),
                                each.type(),
                                each.title())
                        != 0;
    }

    private Observation store(Transaction tx, Turn turn, NewObservation each, Set<Long> unmarked) throws SQLException {
        Owner owner = owner(tx, turn, each.toolUseIds());
        long id = memories.observation(
                tx,
                new MemoryWriter.Place(
                        owner.projectId(), turn.sessionRow(), request.turnId(), turn.platform(), each.createdAt()),
                each.type(),
                each.title(),
                each.subtitle(),
                each.narrative(),
                each.facts(),
                each.concepts(),
                each.filesRead(),
                each.filesModified(),
                each.commands());
        if (each.times() > 1) {
            memories.times(tx, id, each.times());
        }
        link(tx, each, id, unmarked);
        return new Observation(
                id,
                owner.project(),
                turn.platform(),
                turn.sessionId(),
                turn.number(),
                each.type(),
                each.title(),
                each.subtitle(),
                each.narrative(),
                each.facts(),
                each.concepts(),
                each.filesRead(),
                each.filesModified(),
                each.commands(),
                each.createdAt(),
                null,
                each.times() > 1 ? each.times() : null);
    }

    /** The row of a use holds its texts, so what became of it is written at once with its being seen, not after. */
    private void link(Transaction tx, NewObservation each, long id, Set<Long> unmarked) throws SQLException {
        List<Long> fresh = new ArrayList<>();
        List<Long> others = new ArrayList<>();
        for (Long toolUse : each.toolUseIds()) {
            (unmarked.remove(toolUse) ? fresh : others).add(toolUse);
        }
        if (!fresh.isEmpty()) {
            tx.update(SEEN_AND_LINKED, id, Json.column(fresh), request.turnId());
        }
        if (!others.isEmpty()) {
            tx.update(LINKED, id, Json.column(others), request.turnId());
        }
    }

    /** An observation belongs to the project its first tool use was made in, which need not be the turn's. */
    private Owner owner(Transaction tx, Turn turn, List<Long> toolUses) throws SQLException {
        @Nullable
        Owner first = toolUses.isEmpty()
                ? null
                : tx.first(
                        "SELECT p.id, p.key, p.name FROM tool_use u JOIN project p ON p.id = u.project_id"
                                + " WHERE u.id = ? AND u.turn_id = ?",
                        row -> new Owner(row.getLong(1), new Project(row.getString(2), row.getString(3))),
                        toolUses.get(0),
                        request.turnId());
        return first == null ? new Owner(turn.projectId(), turn.project()) : first;
    }

    private Summary store(Transaction tx, Turn turn, NewSummary summary) throws SQLException {
        long id = memories.summary(
                tx,
                new MemoryWriter.Place(
                        turn.projectId(), turn.sessionRow(), request.turnId(), turn.platform(), summary.createdAt()),
                summary);
        return new Summary(
                id,
                turn.project(),
                turn.platform(),
                turn.sessionId(),
                turn.number(),
                summary.request(),
                summary.investigated(),
                summary.learned(),
                summary.completed(),
                summary.nextSteps(),
                summary.notes(),
                summary.filesRead(),
                summary.filesModified(),
                summary.createdAt());
    }
}

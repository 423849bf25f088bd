package dev.cairn.store;

import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The durable queue: its states change by these commands and by appending, and by nothing else. */
final class TurnQueue {
    /** The oldest ready turn of the session that waits longest; null when the session's mark is out of date. */
    static final String NEXT =
            "SELECT s.id, (SELECT min(t.id) FROM turn t INDEXED BY turn_ready WHERE t.session_id = s.id"
                    + " AND t.state = 'pending' AND t.not_before = 0) FROM session s INDEXED BY session_ready WHERE s.ready = 1"
                    + " AND NOT EXISTS (SELECT 1 FROM turn c WHERE c.session_id = s.id AND c.state = 'claimed')"
                    + " ORDER BY s.served, s.id LIMIT 1";

    static final String SERVED = "UPDATE session SET served = 1 + ifnull((SELECT max(served) FROM session"
            + " WHERE served > 0), 0), ready = EXISTS (SELECT 1 FROM turn t INDEXED BY turn_ready"
            + " WHERE t.session_id = session.id AND t.state = 'pending' AND t.not_before = 0) WHERE id = ?";

    /** A claim makes no more of them ready: a long outage must not become one long write. */
    static final String DUE = "UPDATE turn SET not_before = 0 WHERE id IN (SELECT id FROM turn WHERE state = 'pending'"
            + " AND not_before > 0 AND not_before <= ? ORDER BY not_before LIMIT 1000)";

    static final String NEXT_DUE = "SELECT min(not_before) FROM turn WHERE state = 'pending' AND not_before > 0";

    static final String IDLE =
            "SELECT id FROM turn WHERE state = 'open' AND last_event_at < ? AND dirty = 0 ORDER BY last_event_at";

    /** Rows of one write, for whoever waits beside it. */
    static final int STEP = 1_000;

    private static final String RETRY =
            "UPDATE turn SET state = 'pending', attempts = 0, not_before = 0 WHERE state = 'parked'";
    private static final int MAX_ERROR = 2_000;

    private TurnQueue() {}

    static Command<Claim> claim(ClaimTurn request) {
        return tx -> {
            tx.update(DUE, request.now());
            Next next = next(tx);
            if (next == null) {
                long due = tx.number(NEXT_DUE);
                return new Claim(null, due == 0 ? null : due);
            }
            tx.update(
                    "UPDATE turn SET state = 'claimed', dirty = 0, claimed_by = ?, claimed_at = ? WHERE id = ?",
                    request.observer(),
                    request.now(),
                    next.turn());
            tx.update(SERVED, next.session());
            return new Claim(next.turn(), null);
        };
    }

    /** @param turn 0 for none */
    private record Next(long session, long turn) {}

    private static @Nullable Next next(Transaction tx) throws SQLException {
        while (true) {
            Next next = tx.first(NEXT, row -> new Next(row.getLong(1), row.getLong(2)));
            if (next == null || next.turn() != 0) {
                return next;
            }
            // Its turns were forgotten.
            tx.update("UPDATE session SET ready = 0 WHERE id = ?", next.session());
        }
    }

    static Command<Nothing> fail(FailTurn request) {
        return tx -> {
            requireClaimed(tx, request.turnId(), request.observer());
            Long retryAt = request.retryAt();
            tx.update(
                    "UPDATE turn SET state = ?, attempts = attempts + ?, not_before = ?, last_error = ?, dirty = 0,"
                            + " claimed_by = NULL, claimed_at = NULL WHERE id = ?",
                    retryAt == null ? "parked" : "pending",
                    request.counts() ? 1 : 0,
                    retryAt == null ? 0 : retryAt,
                    cut(request.error()),
                    request.turnId());
            return Nothing.NOTHING;
        };
    }

    /** Puts these back with all their attempts; what they failed with last is told until they succeed. */
    static Command<List<TurnReady>> retry(List<Long> ids) {
        return tx -> {
            for (long id : ids) {
                if (tx.update(RETRY + " AND id = ?", id) == 0) {
                    throw notParked(tx, id);
                }
            }
            return ready(tx, ids);
        };
    }

    /** The same for the first of those that are parked, behind this id. */
    static Command<List<TurnReady>> retryNext(long after) {
        return tx -> {
            List<Long> ids = tx.all(
                    "SELECT id FROM turn WHERE state = 'parked' AND id > ? ORDER BY id LIMIT " + STEP,
                    row -> row.getLong(1),
                    after);
            for (long id : ids) {
                tx.update(RETRY + " AND id = ?", id);
            }
            return ready(tx, ids);
        };
    }

    private static CairnException notParked(Transaction tx, long id) throws SQLException {
        String state = tx.first("SELECT state FROM turn WHERE id = ?", row -> row.getString(1), id);
        return state == null
                ? CairnException.notFound("there is no turn with the id " + id)
                : new CairnException(
                        ErrorCode.CONFLICT, "turn " + id + " is " + state + "; only a parked one can be run again");
    }

    static Command<List<TurnReady>> release(ReleaseTurns request) {
        return tx -> {
            List<Long> ids = tx.all(
                    "SELECT id FROM turn WHERE state = 'claimed' AND claimed_by = ? ORDER BY id",
                    row -> row.getLong(1),
                    request.observer());
            for (long id : ids) {
                unclaim(tx, id);
            }
            return ready(tx, ids);
        };
    }

    /** Puts one turn back, when it is still claimed by this observer. */
    static Command<Nothing> giveBack(long turnId, String observer) {
        return tx -> {
            if (isClaimed(tx, turnId, observer)) {
                unclaim(tx, turnId);
            }
            return Nothing.NOTHING;
        };
    }

    private static void unclaim(Transaction tx, long id) throws SQLException {
        tx.update(
                "UPDATE turn SET state = 'pending', dirty = 0, claimed_by = NULL, claimed_at = NULL WHERE id = ?", id);
    }

    static Command<List<TurnReady>> closeIdle(CloseIdleTurns request) {
        return tx -> {
            List<Long> ids = tx.all(IDLE, row -> row.getLong(1), request.idleSince());
            for (long id : ids) {
                tx.update("UPDATE turn SET state = 'pending' WHERE id = ?", id);
            }
            return ready(tx, ids);
        };
    }

    /**
     * What imports brought is complete: it may be observed. Until then such a turn is open and dirty, which no other open turn
     * is.
     */
    static List<TurnReady> imported(Transaction tx) throws SQLException {
        List<Long> ids = tx.all(
                "UPDATE turn SET state = 'pending', dirty = 0 WHERE state = 'open' AND dirty = 1 RETURNING id",
                row -> row.getLong(1));
        return ready(tx, ids.stream().sorted().toList());
    }

    /**
     * After a crash: nobody works on what the last run had claimed, and no import goes on. Answers how many turns wait to be
     * observed. None of them has used up an attempt.
     */
    static Command<Long> recover() {
        return tx -> {
            imported(tx);
            tx.update("UPDATE turn SET state = 'pending', dirty = 0, claimed_by = NULL, claimed_at = NULL"
                    + " WHERE state = 'claimed'");
            return tx.number("SELECT count(*) FROM turn WHERE state = 'pending'");
        };
    }

    static void requireClaimed(Transaction tx, long turnId, String observer) throws SQLException {
        if (!isClaimed(tx, turnId, observer)) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    "turn " + turnId + " is not claimed by " + observer + "; drop the result and claim again");
        }
    }

    private static boolean isClaimed(Transaction tx, long turnId, String observer) throws SQLException {
        return tx.number("SELECT 1 FROM turn WHERE id = ? AND state = 'claimed' AND claimed_by = ?", turnId, observer)
                != 0;
    }

    static List<TurnReady> ready(Transaction tx, List<Long> ids) throws SQLException {
        List<TurnReady> ready = new java.util.ArrayList<>(ids.size());
        for (long id : ids) {
            TurnReady turn = tx.first(
                    "SELECT s.platform, s.session_id FROM turn t JOIN session s ON s.id = t.session_id WHERE t.id = ?",
                    row -> new TurnReady(id, row.getString(1), row.getString(2)),
                    id);
            if (turn != null) {
                ready.add(turn);
            }
        }
        return ready;
    }

    private static String cut(String error) {
        return error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR);
    }
}

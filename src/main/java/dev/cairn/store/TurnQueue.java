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
    static final String CLAIM = "SELECT t.id FROM turn t WHERE t.state = 'pending' AND t.not_before <= ? AND NOT EXISTS"
            + " (SELECT 1 FROM turn c WHERE c.session_id = t.session_id AND c.state = 'claimed') ORDER BY t.id LIMIT 1";
    static final String IDLE =
            "SELECT id FROM turn WHERE state = 'open' AND last_event_at < ? AND dirty = 0 ORDER BY last_event_at";

    private static final int MAX_ERROR = 2_000;

    private TurnQueue() {}

    static Command<Claim> claim(ClaimTurn request) {
        return tx -> {
            Long id = tx.first(CLAIM, row -> row.getLong(1), request.now());
            if (id == null) {
                return new Claim(null, nextDueAt(tx, request.now()));
            }
            tx.update(
                    "UPDATE turn SET state = 'claimed', dirty = 0, claimed_by = ?, claimed_at = ? WHERE id = ?",
                    request.observer(),
                    request.now(),
                    id);
            return new Claim(id, null);
        };
    }

    private static @Nullable Long nextDueAt(Transaction tx, long now) throws SQLException {
        return tx.first(
                "SELECT not_before FROM turn WHERE state = 'pending' AND not_before > ? ORDER BY not_before LIMIT 1",
                row -> row.getLong(1),
                now);
    }

    static Command<Nothing> fail(FailTurn request) {
        return tx -> {
            requireClaimed(tx, request.turnId(), request.observer());
            Long retryAt = request.retryAt();
            tx.update(
                    "UPDATE turn SET state = ?, attempts = attempts + 1, not_before = ?, last_error = ?, dirty = 0,"
                            + " claimed_by = NULL, claimed_at = NULL WHERE id = ?",
                    retryAt == null ? "parked" : "pending",
                    retryAt == null ? 0 : retryAt,
                    cut(request.error()),
                    request.turnId());
            return Nothing.NOTHING;
        };
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
     * After a crash: nobody works on what the last run had claimed, and no import goes on. Answers what is ready to be claimed.
     */
    static Command<List<TurnReady>> recover() {
        return tx -> {
            imported(tx);
            tx.update("UPDATE turn SET state = 'pending', dirty = 0, claimed_by = NULL, claimed_at = NULL"
                    + " WHERE state = 'claimed'");
            return ready(tx, tx.all("SELECT id FROM turn WHERE state = 'pending' ORDER BY id", row -> row.getLong(1)));
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

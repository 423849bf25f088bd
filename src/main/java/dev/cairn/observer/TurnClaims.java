package dev.cairn.observer;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.Count;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.TurnWork;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What one observer has claimed from the store. When an answer is lost, the store may hold a claim that nobody here knows of: it is put
 * back before the next one. Futures fail as {@link Bus#request} says. For one event loop.
 */
final class TurnClaims {
    private final Bus bus;
    private final String id;
    /** Whether the store may hold a claim of ours that we do not know of. */
    private boolean unknown;

    /** @param id unique among observers */
    TurnClaims(Bus bus, String id) {
        this.bus = bus;
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Puts back what the store may hold without our knowing. */
    Future<?> settle() {
        return unknown ? release(Bus.DEFAULT_TIMEOUT_MS) : Future.succeededFuture();
    }

    /** The oldest turn that is ready, if there is one. */
    Future<ClaimedTurn> claim() {
        unknown = true;
        return bus.request(Addresses.STORE_CLAIM, new ClaimTurn(id, System.currentTimeMillis()))
                .onSuccess(claimed -> unknown = false);
    }

    /** Puts all back that is claimed, within so many milliseconds. */
    Future<Count> release(long timeoutMs) {
        return bus.request(Addresses.STORE_RELEASE, new ReleaseTurns(id), timeoutMs)
                .onSuccess(count -> unknown = false);
    }

    /** Stores the result of a claimed turn; refused with CONFLICT when it is claimed no more. */
    Future<CompletedTurn> complete(TurnWork work, Observed observed) {
        return bus.request(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        id,
                        observed.seen(),
                        observed.observations(),
                        observed.summary(),
                        observed.more()));
    }

    /**
     * Hands a turn back.
     *
     * @param retryAt when it is ready again, epoch milliseconds; null parks it
     * @param counts whether this uses an attempt up
     */
    Future<?> fail(TurnWork work, String error, @Nullable Long retryAt, boolean counts) {
        return bus.request(Addresses.STORE_FAIL, new FailTurn(work.turnId(), id, error, retryAt, counts));
    }

    /** A turn could not be handed back: whether the store still holds the claim is not known. */
    void doubt() {
        unknown = true;
    }
}

package dev.cairn.observer;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.Count;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A queue behind the store's addresses, with the store's promises: one claim a turn, completion only by its holder. */
final class FakeStore {
    private static final Project PROJECT = new Project("/home/dev/shop", "shop");

    private final Map<Long, Integer> attempts = new TreeMap<>();
    private final Map<Long, Long> readyAt = new TreeMap<>();
    private final Map<Long, String> claimedBy = new TreeMap<>();
    final List<CompleteTurn> completed = new ArrayList<>();
    final List<FailTurn> failed = new ArrayList<>();
    final List<Long> parked = new ArrayList<>();
    final List<String> releases = new ArrayList<>();
    final List<String> claimers = new ArrayList<>();
    /** How long a back-off really lasts, so that tests need not wait for it; null keeps it. */
    @Nullable
    Long retryAfterMs;

    private int refuseClaims;
    private int refuseCompletions;
    private int refuseCompletionsForGood;
    private @Nullable Runnable onClaim;

    FakeStore(Vertx vertx) {
        Bus bus = new Bus(vertx);
        bus.serve(Addresses.STORE_CLAIM, this::claim);
        bus.serve(Addresses.STORE_COMPLETE, this::complete);
        bus.serve(Addresses.STORE_FAIL, this::fail);
        bus.serve(Addresses.STORE_RELEASE, this::release);
    }

    synchronized void add(long turnId) {
        readyAt.put(turnId, 0L);
        attempts.putIfAbsent(turnId, 0);
    }

    synchronized void refuseClaims(int times) {
        refuseClaims = times;
    }

    synchronized void refuseCompletions(int times) {
        refuseCompletions = times;
    }

    synchronized void refuseCompletionsForGood(int times) {
        refuseCompletionsForGood = times;
    }

    synchronized void onClaim(Runnable action) {
        onClaim = action;
    }

    private synchronized Future<ClaimedTurn> claim(ClaimTurn request) {
        claimers.add(request.observer());
        if (refuseClaims > 0) {
            refuseClaims--;
            return Future.failedFuture(CairnException.unavailable("the store is busy"));
        }
        Long next = null;
        for (Map.Entry<Long, Long> entry : readyAt.entrySet()) {
            if (entry.getValue() <= request.now()) {
                long id = entry.getKey();
                readyAt.remove(id);
                claimedBy.put(id, request.observer());
                int attempt = attempts.merge(id, 1, Integer::sum);
                return Future.succeededFuture(new ClaimedTurn(turn(id, attempt), null));
            }
            next = next == null ? entry.getValue() : Long.valueOf(Math.min(next, entry.getValue()));
        }
        if (onClaim != null) {
            onClaim.run();
        }
        return Future.succeededFuture(new ClaimedTurn(null, next));
    }

    private synchronized Future<CompletedTurn> complete(CompleteTurn result) {
        if (refuseCompletions > 0) {
            refuseCompletions--;
            return Future.failedFuture(CairnException.unavailable("the store is busy"));
        }
        if (refuseCompletionsForGood > 0) {
            refuseCompletionsForGood--;
            return Future.failedFuture(CairnException.invalid("title", "title is empty"));
        }
        if (!result.observer().equals(claimedBy.get(result.turnId()))) {
            return Future.failedFuture(new CairnException(ErrorCode.CONFLICT, "not claimed by this observer"));
        }
        claimedBy.remove(result.turnId());
        completed.add(result);
        return Future.succeededFuture(new CompletedTurn(List.of(), null));
    }

    private synchronized Future<Nothing> fail(FailTurn failure) {
        claimedBy.remove(failure.turnId());
        failed.add(failure);
        if (failure.retryAt() == null) {
            parked.add(failure.turnId());
        } else {
            long due = retryAfterMs == null ? failure.retryAt() : System.currentTimeMillis() + retryAfterMs;
            readyAt.put(failure.turnId(), due);
        }
        return Future.succeededFuture(Nothing.NOTHING);
    }

    private synchronized Future<Count> release(ReleaseTurns release) {
        releases.add(release.observer());
        List<Long> held = new ArrayList<>();
        claimedBy.forEach((id, holder) -> {
            if (holder.equals(release.observer())) {
                held.add(id);
            }
        });
        for (long id : held) {
            claimedBy.remove(id);
            attempts.merge(id, -1, Integer::sum);
            readyAt.put(id, 0L);
        }
        return Future.succeededFuture(new Count(held.size()));
    }

    private static TurnWork turn(long id, int attempt) {
        Prompt prompt = new Prompt(id, PROJECT, "claude-code", "session-" + id, 1, "Do number " + id, 1_000);
        return new TurnWork(
                id,
                PROJECT,
                "claude-code",
                "session-" + id,
                1,
                attempt,
                prompt,
                List.of(),
                List.of(),
                List.of(),
                1_000,
                2_000);
    }

    synchronized List<Long> completedTurns() {
        return completed.stream().map(CompleteTurn::turnId).toList();
    }

    synchronized int claims() {
        return claimers.size();
    }

    synchronized int waiting() {
        return readyAt.size();
    }

    synchronized int claimed() {
        return claimedBy.size();
    }

    /** Waits until this holds; fails after ten seconds. */
    static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 10 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}

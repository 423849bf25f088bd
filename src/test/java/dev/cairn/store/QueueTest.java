package dev.cairn.store;

import static dev.cairn.store.StoreFixture.event;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.Stats;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.What;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import dev.cairn.model.Summary;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueTest {
    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void turn(String session, String promptId, long at) {
        store.append(prompt(session, promptId, "ask " + promptId, at), stop(session, promptId, "said", at + 1));
    }

    private CompletedTurn complete(TurnWork work, String observer, NewSummary summary) {
        return store.ask(
                Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), observer, work.fresh(), List.of(), summary));
    }

    private static NewSummary summary(String completed) {
        return new NewSummary("asked", null, null, completed, null, null, List.of("a.txt"), List.of(), 77);
    }

    private static NewObservation observation(String title, List<Long> toolUses) {
        return new NewObservation(
                "change", title, null, null, List.of(), List.of(), List.of(), List.of(), List.of(), toolUses, 50);
    }

    @Test
    void theOldestTurnComesFirstAndASessionOneAtATime() {
        turn("s1", "p1", 10);
        turn("s1", "p2", 20);
        turn("s2", "p3", 30);
        TurnWork first = store.claimWork("a");
        TurnWork second = store.claimWork("b");
        assertThat(first.sessionId() + first.turn()).isEqualTo("s11");
        assertThat(second.sessionId() + second.turn()).isEqualTo("s21");
        assertThat(store.claim("c", 1_000)).isEqualTo(new ClaimedTurn(null, null));
        complete(first, "a", summary("x"));
        assertThat(store.claimWork("c").turn()).isEqualTo(2);
    }

    @Test
    @DisplayName("D2: a result is stored only with its acknowledgement, and only by who has the claim")
    void aResultOfAnotherObserverIsRefused() {
        turn("s1", "p1", 10);
        TurnWork work = store.claimWork("a");
        var stolen = store.refusal(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(), "b", List.of(), List.of(observation("t", List.of())), summary("stolen")));
        assertThat(stolen.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(store.number("SELECT count(*) FROM memory WHERE kind <> 3")).isZero();
        complete(work, "a", summary("mine"));
        assertThat(store.refusal(
                                Addresses.STORE_COMPLETE,
                                new CompleteTurn(work.turnId(), "a", List.of(), List.of(), summary("twice")))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(store.refusal(Addresses.STORE_FAIL, new FailTurn(work.turnId(), "a", "x", null))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aTurnObservedAgainSaysNothingTwice() {
        store.append(prompt("s1", "p1", "a", 10), stop("s1", "p1", "We decided on SQLite.", 20));
        NewObservation decision = observation("Decided on SQLite", List.of());
        for (int i = 0; i < 2; i++) {
            TurnWork work = store.claimWork("a");
            store.ask(
                    Addresses.STORE_COMPLETE,
                    new CompleteTurn(work.turnId(), "a", work.fresh(), List.of(decision), summary("x")));
            store.append(stop("s1", "p1", "And once more.", 30));
        }
        assertThat(store.number("SELECT count(*) FROM memory WHERE kind = 1")).isEqualTo(1);
    }

    @Test
    @DisplayName("D4: what comes while a turn is claimed is handed out afterwards, the seen only as seen")
    void aTurnThatChangedWhileClaimedIsPendingAgain() {
        store.append(prompt("s1", "p1", "a", 10), tool("s1", "p1", "u1", 20), stop("s1", "p1", "said", 30));
        TurnWork first = store.claimWork("a");
        store.append(tool("s1", "p1", "u2", 40));
        List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
        CompletedTurn done = store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        first.turnId(),
                        "a",
                        first.fresh(),
                        List.of(observation("one", first.fresh())),
                        summary("half")));
        assertThat(ready).hasSize(1);
        TurnWork second = store.claimWork("a");
        assertThat(second.toolUses()).hasSize(2);
        assertThat(second.toolUses().get(0).observationId())
                .isEqualTo(done.observationIds().get(0));
        assertThat(second.fresh()).containsExactly(second.toolUses().get(1).id());
        CompletedTurn again = complete(second, "a", summary("whole"));
        assertThat(again.summaryId()).as("a turn has one summary").isEqualTo(done.summaryId());
        assertThat(store.claim("a", 1_000).work()).isNull();
        Summary stored = store.ask(
                        Addresses.STORE_FETCH,
                        new Fetch(What.SUMMARIES, List.of(Objects.requireNonNull(again.summaryId()))))
                .summaries()
                .get(0);
        assertThat(stored.completed()).isEqualTo("whole");
        assertThat(store.found("half")).isEmpty();
        assertThat(store.found("whole")).containsExactly(stored.id());
        assertThat(store.number("SELECT count(*) FROM memory_file")).isEqualTo(1);
    }

    @Test
    void whatComesLateOpensADoneTurnAgain() {
        turn("s1", "p1", 10);
        complete(store.claimWork("a"), "a", summary("x"));
        store.append(stop("s1", "p1", "said", 40));
        assertThat(store.claim("a", 1_000).work())
                .as("a repeat changes nothing")
                .isNull();
        store.append(stop("s1", "p1", "said more", 50));
        assertThat(store.claimWork("a").notes()).hasSize(2);
    }

    @Test
    @DisplayName("D3: a failed turn waits, lets others by, and is parked in the end")
    void failuresBackOffAndPark() {
        turn("s1", "p1", 10);
        turn("s2", "p2", 20);
        TurnWork bad = store.claimWork("a");
        store.ask(Addresses.STORE_FAIL, new FailTurn(bad.turnId(), "a", "no answer", 5_000_000L));
        TurnWork other = store.claimWork("a");
        assertThat(other.sessionId()).isEqualTo("s2");
        complete(other, "a", summary("x"));
        assertThat(store.claim("a", 1_000_000)).isEqualTo(new ClaimedTurn(null, 5_000_000L));
        TurnWork again = Objects.requireNonNull(store.claim("a", 5_000_000).work());
        assertThat(again.attempt()).isEqualTo(2);
        store.ask(Addresses.STORE_FAIL, new FailTurn(again.turnId(), "a", "no answer again", null));
        assertThat(store.claim("a", Long.MAX_VALUE)).isEqualTo(new ClaimedTurn(null, null));
        Stats stats = store.ask(Addresses.STORE_STATS, Nothing.NOTHING);
        assertThat(stats.parked()).isEqualTo(1);
        assertThat(stats.pending()).isZero();
        assertThat(store.text("SELECT last_error FROM turn WHERE state = 'parked'"))
                .isEqualTo("no answer again");
    }

    @Test
    void aReleasedTurnCostsNoAttempt() {
        turn("s1", "p1", 10);
        turn("s2", "p2", 20);
        store.claimWork("a");
        store.claimWork("b");
        List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
        assertThat(store.ask(Addresses.STORE_RELEASE, new ReleaseTurns("a")).count())
                .isEqualTo(1);
        assertThat(ready).extracting(TurnReady::sessionId).containsExactly("s1");
        assertThat(store.claimWork("c").attempt()).isEqualTo(1);
        assertThat(store.ask(Addresses.STORE_RELEASE, new ReleaseTurns("nobody"))
                        .count())
                .isZero();
    }

    @Test
    void idleTurnsAreClosed() {
        store.append(prompt("s1", "p1", "a", 10));
        store.append(prompt("s2", "p2", "b", 100));
        List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
        assertThat(store.ask(Addresses.STORE_CLOSE_IDLE, new CloseIdleTurns(100))
                        .count())
                .isEqualTo(1);
        assertThat(ready).extracting(TurnReady::sessionId).containsExactly("s1");
        assertThat(store.claimWork("a").sessionId()).isEqualTo("s1");
    }

    @Test
    void whatWasClaimedWhenTheStoreClosedIsPendingWhenItOpens() {
        turn("s1", "p1", 10);
        TurnWork work = store.claimWork("dead");
        store.reopen();
        TurnWork again = store.claimWork("alive");
        assertThat(again).isEqualTo(work);
        assertThat(store.refusal(
                                Addresses.STORE_COMPLETE,
                                new CompleteTurn(work.turnId(), "dead", List.of(), List.of(), null))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aCompletionThatFailsMidwayLeavesNothing() {
        store.append(prompt("s1", "p1", "a", 10), tool("s1", "p1", "u1", 20), stop("s1", "p1", "x", 30));
        TurnWork work = store.claimWork("a");
        // The observation is stored before the summary, which cannot be.
        makeSummariesFail();
        var failed = store.refusal(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        "a",
                        work.fresh(),
                        List.of(observation("kept out", work.fresh())),
                        summary("also")));
        assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(store.number("SELECT count(*) FROM memory WHERE kind <> 3")).isZero();
        assertThat(store.number("SELECT count(*) FROM tool_use WHERE observed = 1"))
                .isZero();
        assertThat(store.text("SELECT state FROM turn")).isEqualTo("claimed");
        assertThat(store.found("kept")).isEmpty();
    }

    private void makeSummariesFail() {
        try (var connection = store.connect();
                var statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TRIGGER stumble BEFORE INSERT ON memory WHEN NEW.kind = 2"
                    + " BEGIN SELECT raise(ABORT, 'stumbled'); END");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTurnOfOnlyAPromptIsHandedOut() {
        store.append(
                prompt("s1", "p1", "a", 10), event(EventKind.SESSION_END, "s1").at(20));
        assertThat(store.claimWork("a").toolUses()).isEmpty();
    }
}

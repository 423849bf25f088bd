package dev.cairn.store;

import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.TurnWork;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions take turns, whatever each of them has waiting. */
class FairnessTest {
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

    private void turns(String session, int count) {
        for (int i = 0; i < count; i++) {
            turn(session, "p" + i);
        }
    }

    private void turn(String session, String promptId) {
        store.append(prompt(session, promptId, "ask " + promptId, 10), stop(session, promptId, "said", 11));
    }

    private String observe() {
        TurnWork work = store.claimWork("o");
        complete(work);
        return work.sessionId() + ":" + work.turn();
    }

    private void complete(TurnWork work) {
        store.ask(Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(), null));
    }

    private List<String> observe(int count) {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(observe());
        }
        return order;
    }

    @Test
    void aSessionWithAThousandTurnsDoesNotStarveAnother() {
        turns("much", 1_000);
        observe(3);
        turns("little", 2);
        assertThat(observe(5)).containsExactly("much:4", "little:1", "much:5", "little:2", "much:6");
    }

    @Test
    void threeSessionsDoNotStarveAFourthWithOneObserver() {
        turns("a", 20);
        turns("b", 20);
        turns("c", 20);
        assertThat(observe(7)).containsExactly("a:1", "b:1", "c:1", "a:2", "b:2", "c:2", "a:3");
        turn("d", "p0");
        assertThat(observe(4)).containsExactly("b:3", "c:3", "a:4", "d:1");
    }

    @Test
    void sessionsThatBeginAllTheTimeDoNotStarveAnOldOne() {
        turns("old", 20);
        assertThat(observe()).isEqualTo("old:1");
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            turn("new" + i + "a", "p0");
            turn("new" + i + "b", "p0");
            order.add(observe());
        }
        assertThat(order.stream().filter(each -> each.startsWith("old")))
                .as("though two come for each that is served")
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void whoWasServedLongAgoComesBeforeWhoWasServedJustNow() {
        turns("rare", 1);
        turns("busy", 10);
        assertThat(observe(4)).containsExactly("rare:1", "busy:1", "busy:2", "busy:3");
        turn("rare", "p9");
        assertThat(observe(2)).containsExactly("rare:2", "busy:4");
    }

    @Test
    void aLongTurnInPartsLetsOthersByBetweenItsParts() {
        turns("long", 1);
        turns("short", 2);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TurnWork work = store.claimWork("o");
            order.add(work.sessionId());
            store.ask(
                    Addresses.STORE_COMPLETE,
                    new CompleteTurn(
                            work.turnId(),
                            "o",
                            work.fresh(),
                            List.of(),
                            null,
                            work.sessionId().equals("long")));
        }
        assertThat(order).containsExactly("long", "short", "long", "short", "long");
    }

    @Test
    void withinASessionTheOldestComesFirstAndOneAtATime() {
        turns("a", 3);
        turns("b", 1);
        TurnWork first = store.claimWork("o");
        assertThat(store.claimWork("other").sessionId()).isEqualTo("b");
        assertThat(store.claim("third", 1_000).work()).isNull();
        complete(first);
        assertThat(observe(2)).containsExactly("a:2", "a:3");
    }

    @Test
    @DisplayName("D3: while a turn waits for its next try, the session's later ones go by; then it comes before them")
    void aTurnThatWaitsIsPassedAndComesBack() {
        turns("a", 4);
        TurnWork bad = store.claimWork("o");
        store.ask(Addresses.STORE_FAIL, new FailTurn(bad.turnId(), "o", "no", 2_000_000L));
        assertThat(observe(2)).containsExactly("a:2", "a:3");
        TurnWork again = store.claim("o", 2_000_000).work();
        assertThat(again).isNotNull();
        assertThat(again.turn()).isEqualTo(1);
        complete(again);
        assertThat(observe()).isEqualTo("a:4");
    }

    @Test
    void whatWasForgottenWhileItWaitedHoldsNobodyUp() {
        turns("gone", 3);
        turns("here", 1);
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, "gone", null, 0L, 100L, false));
        assertThat(observe()).isEqualTo("here:1");
        assertThat(store.claim("o", 1_000).work()).isNull();
        assertThat(store.number("SELECT count(*) FROM session WHERE ready = 1")).isZero();
        turn("gone", "p7");
        assertThat(store.claimWork("o").sessionId()).isEqualTo("gone");
    }

    @Test
    void theOrderOutlivesAReleaseAndARestart() {
        turns("a", 5);
        turns("b", 5);
        observe(3);
        TurnWork held = store.claimWork("gone");
        assertThat(held.sessionId()).isEqualTo("b");
        store.ask(Addresses.STORE_RELEASE, new ReleaseTurns("gone"));
        store.reopen();
        assertThat(observe(3)).containsExactly("a:3", "b:2", "a:4");
    }

    @Test
    void turnsThatWaitInADatabaseOfTheSchemaBeforeAreServed() throws SQLException {
        turns("a", 3);
        turns("b", 1);
        TurnWork claimed = store.claimWork("crashed");
        TurnWork late = store.claimWork("o");
        store.ask(Addresses.STORE_FAIL, new FailTurn(late.turnId(), "o", "no", 5_000_000L));
        store.close();
        OldSchema.of(store, 8);
        store = new StoreFixture(directory);
        assertThat(store.number("PRAGMA user_version")).isEqualTo(Migrations.newest());
        assertThat(claimed.sessionId()).isEqualTo("a");
        assertThat(observe(3)).containsExactly("a:1", "a:2", "a:3");
        TurnWork due = store.claim("o", 5_000_000).work();
        assertThat(due).isNotNull();
        assertThat(due.attempt()).as("attempts are kept").isEqualTo(2);
    }
}

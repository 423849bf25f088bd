package dev.cairn.store;

import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.RetryTurns;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnSettled;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.Turns;
import dev.cairn.bus.TurnsQuery;
import dev.cairn.model.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turns that failed too often: they are seen, they hold nobody up, and they can be run again. */
class ParkedTurnsTest {
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
        store.append(
                prompt(session, promptId, "ask", at),
                tool(session, promptId, promptId, at + 1),
                stop(session, promptId, "said", at + 2));
    }

    private Turns turns(String state, @Nullable Long after, int limit) {
        return store.ask(Addresses.STORE_TURNS, new TurnsQuery(state, after, limit));
    }

    private TurnWork park(String error) {
        TurnWork work = store.claimWork("o");
        store.ask(Addresses.STORE_FAIL, new FailTurn(work.turnId(), "o", error, null));
        return work;
    }

    private void complete(TurnWork work) {
        store.ask(Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(), null));
    }

    @Test
    @DisplayName("D3: what failed too often is visible with its error, lets the next one by, and is run again by hand")
    void aParkedTurnIsSeenPassedAndRunAgain() {
        turn("s1", "p1", 1_000);
        turn("s1", "p2", 2_000);
        List<TurnSettled> settled = store.listen(Addresses.EVENT_TURN_SETTLED);
        TurnWork bad = park("the model refused it");
        assertThat(turns("parked", null, 100).items())
                .containsExactly(new Turns.Item(
                        bad.turnId(),
                        "parked",
                        StoreFixture.PROJECT,
                        StoreFixture.PLATFORM,
                        "s1",
                        1,
                        1,
                        "the model refused it",
                        0,
                        1,
                        1_002));
        complete(store.claimWork("o"));
        assertThat(store.claim("o", Long.MAX_VALUE).work()).isNull();

        List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
        assertThat(store.ask(Addresses.STORE_RETRY, new RetryTurns(List.of(bad.turnId())))
                        .count())
                .isEqualTo(1);
        assertThat(ready).extracting(TurnReady::turnId).containsExactly(bad.turnId());
        assertThat(turns("parked", null, 100).items()).isEmpty();
        assertThat(turns("pending", null, 100).items())
                .extracting(Turns.Item::attempts)
                .containsExactly(0);
        TurnWork again = store.claimWork("o");
        assertThat(again.turnId()).isEqualTo(bad.turnId());
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(turns("claimed", null, 100).items())
                .extracting(Turns.Item::lastError)
                .as("until it succeeds")
                .containsExactly("the model refused it");
        complete(again);
        assertThat(store.text("SELECT state || coalesce(last_error, '') FROM turn WHERE id = " + bad.turnId()))
                .isEqualTo("done");
        assertThat(settled).first().isEqualTo(new TurnSettled(bad.turnId(), TurnSettled.PARKED));
        assertThat(settled).last().isEqualTo(new TurnSettled(bad.turnId(), TurnSettled.DONE));
    }

    @Test
    void onlyParkedTurnsAreRunAgainAllOfThemOrNone() {
        turn("s1", "p1", 10);
        turn("s2", "p2", 10);
        TurnWork parked = park("no");
        long pending = turns("pending", null, 1).items().get(0).id();
        var refused = store.refusal(Addresses.STORE_RETRY, new RetryTurns(List.of(parked.turnId(), pending)));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused).hasMessageContaining("turn " + pending + " is pending");
        var unknown = store.refusal(Addresses.STORE_RETRY, new RetryTurns(List.of(parked.turnId(), 999L)));
        assertThat(unknown.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(unknown).hasMessageContaining("999");
        assertThat(turns("parked", null, 100).items()).hasSize(1);
    }

    @Test
    void allAreRunAgainHoweverManyThereAre() throws SQLException {
        for (int i = 0; i < 3; i++) {
            turn("s" + i, "p", 10);
        }
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2400)"
                    + " INSERT INTO turn (session_id, project_id, number, state, attempts, started_at, last_event_at)"
                    + " SELECT 1, 1, i, 'parked', 5, 10, 10 FROM n");
        }
        assertThat(store.ask(Addresses.STORE_RETRY, new RetryTurns(List.of())).count())
                .isEqualTo(2_399);
        assertThat(turns("parked", null, 100).items()).isEmpty();
        assertThat(store.number("SELECT count(*) FROM turn WHERE state = 'pending' AND attempts = 0"))
                .isEqualTo(2_402);
        assertThat(store.ask(Addresses.STORE_RETRY, new RetryTurns(List.of())).count())
                .isZero();
    }

    @Test
    void pagesGoOnBehindTheLastTurn() {
        for (int i = 0; i < 5; i++) {
            turn("s" + i, "p", 10 + i);
        }
        List<Turns.Item> first = turns("pending", null, 2).items();
        List<Turns.Item> rest = turns("pending", first.get(1).id(), 100).items();
        assertThat(first).extracting(Turns.Item::sessionId).containsExactly("s0", "s1");
        assertThat(rest).extracting(Turns.Item::sessionId).containsExactly("s2", "s3", "s4");
    }

    @Test
    void aStateThatIsNoneAndALimitOutOfBoundsAreRefused() {
        assertThat(store.refusal(Addresses.STORE_TURNS, new TurnsQuery("done' --", null, 5))
                        .field())
                .isEqualTo("state");
        assertThat(store.refusal(Addresses.STORE_TURNS, new TurnsQuery("parked", null, 101))
                        .field())
                .isEqualTo("limit");
    }
}

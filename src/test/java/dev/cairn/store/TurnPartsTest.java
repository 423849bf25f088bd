package dev.cairn.store;

import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.Observation;
import dev.cairn.model.ToolUse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turns that are observed part by part, and what an observer is told beside them. */
class TurnPartsTest {
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

    private void turn(String session, String promptId, int toolUses, long at) {
        store.append(prompt(session, promptId, "ask", at));
        for (int i = 0; i < toolUses; i++) {
            store.append(tool(session, promptId, session + promptId + i, at + i));
        }
        store.append(stop(session, promptId, "said", at + toolUses));
    }

    private static NewObservation observation(String title, List<Long> toolUses, long at) {
        return new NewObservation(
                "change", title, null, null, List.of(), List.of(), List.of(), List.of(), List.of(), toolUses, at);
    }

    private CompletedTurn complete(TurnWork work, List<Long> seen, boolean more, @Nullable NewSummary summary) {
        List<NewObservation> made =
                seen.isEmpty() ? List.of() : List.of(observation("of " + seen, seen, 50 + seen.get(0)));
        return store.ask(Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", seen, made, summary, more));
    }

    private static NewSummary summary() {
        return new NewSummary("asked", null, null, "all", null, null, List.of(), List.of(), 99);
    }

    @Test
    @DisplayName("D2: a part is acknowledged with its result; the rest is handed out again, and each tool use once")
    void aTurnIsCompletedInParts() {
        turn("s1", "p1", 5, 10);
        List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
        List<Long> seen = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            TurnWork work = store.claimWork("o");
            List<Long> first = work.fresh().subList(0, Math.min(2, work.fresh().size()));
            assertThat(work.toolUses()).hasSize(5);
            assertThat(work.more()).as("all of it is here").isFalse();
            boolean last = first.size() == work.fresh().size();
            complete(work, first, !last, last ? summary() : null);
            seen.addAll(first);
        }
        assertThat(ready).extracting(TurnReady::sessionId).containsExactly("s1", "s1");
        assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSorted();
        assertThat(store.claim("o", 1_000).work()).isNull();
        assertThat(store.text("SELECT state FROM turn")).isEqualTo("done");
        assertThat(store.number("SELECT count(DISTINCT observation_id) FROM tool_use"))
                .isEqualTo(3);
    }

    @Test
    void moreBringsTheTurnBackThoughAllOfItWasSeen() {
        turn("s1", "p1", 1, 10);
        TurnWork work = store.claimWork("o");
        complete(work, work.fresh(), true, null);
        TurnWork rest = store.claimWork("o");
        assertThat(rest.fresh()).isEmpty();
        complete(rest, List.of(), false, summary());
        assertThat(store.claim("o", 1_000).work()).isNull();
    }

    @Test
    void whatIsLeftUnseenIsHandedOutWithoutBeingAskedFor() {
        turn("s1", "p1", 3, 10);
        TurnWork work = store.claimWork("o");
        complete(work, work.fresh().subList(0, 1), false, summary());
        assertThat(store.claimWork("o").fresh()).isEqualTo(work.fresh().subList(1, 3));
    }

    @Test
    void eachUseIsMarkedByWhatWasSeenAndLinkedByWhatWasMadeOfIt() {
        turn("s1", "p1", 6, 10);
        turn("s2", "p2", 1, 10);
        TurnWork work = store.claimWork("o");
        List<Long> ids = work.fresh();
        complete(work, ids.subList(0, 1), true, null);
        List<Long> others = store.claimWork("o2").fresh();
        TurnWork rest = store.claimWork("o");
        List<NewObservation> made = List.of(
                observation("of one seen before and a fresh one", List.of(ids.get(0), ids.get(1)), 60),
                observation("of two fresh ones", List.of(ids.get(2), ids.get(3)), 61),
                observation("of one that another tells of, and one that is not seen", ids.subList(3, 5), 62),
                observation("of another turn's", others, 63));
        List<Long> seen = List.of(ids.get(5), ids.get(3), ids.get(2), ids.get(1), others.get(0));
        CompletedTurn completed =
                store.ask(Addresses.STORE_COMPLETE, new CompleteTurn(rest.turnId(), "o", seen, made, null, false));
        List<Long> told = completed.observationIds();
        assertThat(store.text("SELECT group_concat(observed || ':' || ifnull(observation_id, '-'), ' ')"
                        + " FROM (SELECT * FROM tool_use ORDER BY id)"))
                .isEqualTo("1:%1$d 1:%1$d 1:%2$d 1:%3$d 0:%3$d 1:- 0:-", told.get(0), told.get(1), told.get(2));
        assertThat(store.claimWork("o").fresh()).containsExactly(ids.get(4));
    }

    @Test
    void aStoredPartGivesTheRestAllItsAttempts() {
        turn("s1", "p1", 2, 10);
        TurnWork work = store.claimWork("o");
        store.ask(Addresses.STORE_FAIL, new FailTurn(work.turnId(), "o", "no", 0L));
        TurnWork again = store.claimWork("o");
        assertThat(again.attempt()).isEqualTo(2);
        complete(again, again.fresh().subList(0, 1), true, null);
        assertThat(store.claimWork("o").attempt()).isEqualTo(1);
    }

    @Test
    @DisplayName("D5: what is put off without its fault keeps its attempts, however often, and over a restart")
    void aPostponedTurnKeepsItsAttempts() {
        turn("s1", "p1", 1, 10);
        for (int i = 0; i < 20; i++) {
            TurnWork work = store.claimWork("o");
            assertThat(work.attempt()).isEqualTo(1);
            store.ask(Addresses.STORE_FAIL, new FailTurn(work.turnId(), "o", "not logged in", 5L, false));
        }
        TurnWork failed = store.claimWork("o");
        store.ask(Addresses.STORE_FAIL, new FailTurn(failed.turnId(), "o", "no", 5L));
        assertThat(store.claimWork("o").attempt()).isEqualTo(2);
        store.reopen();
        assertThat(store.claimWork("o").attempt()).isEqualTo(2);
    }

    @Test
    void theLatestObservationsOfTheSessionAreToldOldestFirst() {
        turn("s1", "p1", 25, 10);
        turn("other", "p2", 1, 10);
        for (int i = 0; i < 25; i++) {
            TurnWork work = store.claimWork("o");
            if (work.sessionId().equals("s1")) {
                complete(work, work.fresh().subList(0, 1), true, null);
            } else {
                complete(work, work.fresh(), false, summary());
            }
        }
        turn("s1", "p3", 1, 100);
        TurnWork work = store.claimWork("o");
        assertThat(work.turn()).isEqualTo(1);
        List<Long> all = List.of();
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT m.id FROM memory m JOIN session s ON s.id = m.session_id WHERE m.kind = 1"
                                + " AND s.session_id = 's1' ORDER BY m.id")) {
            all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        assertThat(work.earlier())
                .extracting(Observation::id)
                .isEqualTo(all.subList(all.size() - WorkReads.EARLIER, all.size()));
        assertThat(work.earlier().get(19).title()).startsWith("of [");
        complete(work, work.fresh(), false, summary());
        assertThat(store.claimWork("o").earlier())
                .as("whichever turn they are of")
                .extracting(Observation::turn)
                .containsOnly(1);
    }

    @Test
    void theTurnsThatWaitBesideItAreCounted() {
        for (int i = 0; i < 4; i++) {
            turn("s" + i, "p", 0, 10);
        }
        turn("s0", "q", 0, 20);
        assertThat(store.claimWork("a").waiting()).isEqualTo(4);
        assertThat(store.claimWork("b").waiting()).isEqualTo(3);
    }

    /** Tool uses put into a turn past the events, whose size is bounded. */
    private void fill(String promptId, int toolUses, int bytes) {
        execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + toolUses
                + ") INSERT INTO tool_use (session_id, turn_id, project_id, created_at, tool_name, response)"
                + " SELECT t.session_id, t.id, t.project_id, 100 + i, 'Read',"
                + " '\"' || replace(hex(zeroblob(" + bytes / 2 + ")), '0', 'x') || '\"' FROM n, turn t"
                + " WHERE t.prompt_id = '" + promptId + "' ORDER BY i");
    }

    private void execute(String sql) {
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long bytes(TurnWork work) {
        return work.toolUses().stream()
                .mapToLong(use -> length(use.input()) + length(use.response()) + length(use.error()))
                .sum();
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    @Test
    @DisplayName(
            "D5: a turn of 200 MB is handed out in parts of at most 32 MiB, oldest first, each tool use fresh once")
    void aTurnTooLargeForTheHeapComesInParts() {
        turn("s1", "p1", 1, 10);
        fill("p1", 200, 1_000_000);
        List<Long> seen = new ArrayList<>();
        boolean more = true;
        for (int part = 0; more; part++) {
            assertThat(part).as("it comes to an end").isLessThan(10);
            TurnWork work = store.claimWork("o");
            assertThat(bytes(work)).isLessThanOrEqualTo(WorkReads.MAX_BYTES).isGreaterThan(9_000_000);
            assertThat(work.fresh()).isNotEmpty();
            more = work.more();
            List<Long> handed = work.toolUses().stream().map(ToolUse::id).toList();
            assertThat(handed).isSorted().containsAll(work.fresh());
            int old = handed.size() - work.fresh().size();
            assertThat(handed.subList(0, old))
                    .as("of what was seen before, the latest")
                    .isEqualTo(seen.subList(seen.size() - old, seen.size()));
            seen.addAll(work.fresh());
            complete(work, work.fresh(), false, more ? null : summary());
        }
        assertThat(seen).hasSize(201).doesNotHaveDuplicates().isSorted();
        assertThat(store.claim("o", 1_000).work()).isNull();
    }

    @Test
    void aToolUseThatIsLongerThanAllThereIsRoomForComesAlone() {
        turn("s1", "p1", 1, 10);
        fill("p1", 1, 12_000_000);
        execute("UPDATE tool_use SET input = response, error = response WHERE id = 2");
        TurnWork first = store.claimWork("o");
        assertThat(first.fresh()).hasSize(1);
        assertThat(first.more()).isTrue();
        complete(first, first.fresh(), true, null);
        TurnWork second = store.claimWork("o");
        assertThat(second.toolUses()).hasSize(1);
        assertThat(second.more()).isFalse();
        assertThat(bytes(second)).isGreaterThan(WorkReads.MAX_BYTES);
    }

    @Test
    void notMoreThanTwoThousandToolUsesComeAtOnce() {
        turn("s1", "p1", 0, 10);
        fill("p1", 2_001, 10);
        TurnWork first = store.claimWork("o");
        assertThat(first.fresh()).hasSize(2_000);
        assertThat(first.more()).isTrue();
        complete(first, first.fresh(), true, null);
        TurnWork second = store.claimWork("o");
        assertThat(second.fresh()).hasSize(1);
        assertThat(second.toolUses()).hasSize(2_000);
        assertThat(second.more()).isFalse();
    }

    @Test
    void ofVeryManyNotesTheLatestCome() {
        store.append(prompt("s1", "p1", "ask", 10));
        String words = "x".repeat(900_000);
        IntStream.range(0, 6).forEach(i -> store.append(stop("s1", "p1", i + words, 20 + i)));
        TurnWork work = Objects.requireNonNull(store.claim("o", 1_000).work());
        assertThat(work.notes()).hasSize(4);
        assertThat(Objects.requireNonNull(work.notes().get(3).text())).startsWith("5");
    }
}

package dev.cairn.store;

import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorDone;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.What;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Observation;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Observations that a session brought before: they are counted, not stored twice. */
class SameAgainTest {
    @TempDir
    Path directory;

    private StoreFixture store;
    private int turns;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory.resolve("a"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static NewObservation flaky(TurnWork work, @Nullable Long sameAs, int times) {
        return new NewObservation(
                "discovery",
                "The otter test is flaky",
                null,
                "It fails on slow machines",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                work.fresh(),
                50,
                sameAs,
                times);
    }

    private TurnWork turn(String session) {
        String promptId = "p" + ++turns;
        store.append(
                prompt(session, promptId, "ask", turns * 10L),
                tool(session, promptId, promptId, turns * 10L + 1),
                stop(session, promptId, "said", turns * 10L + 2));
        return store.claimWork("o");
    }

    private long observe(String session, @Nullable Long sameAs, int times) {
        TurnWork work = turn(session);
        CompletedTurn done = store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(flaky(work, sameAs, times)), null));
        return done.observationIds().get(0);
    }

    private Observation fetch(long id) {
        return store.ask(Addresses.STORE_FETCH, new Fetch(What.OBSERVATIONS, List.of(id)))
                .observations()
                .get(0);
    }

    @Test
    void theSameAgainIsCountedAndItsToolUsesLeadToTheFirst() {
        long first = observe("s1", null, 1);
        assertThat(fetch(first).times()).as("once is not worth a word").isNull();
        List<Observation> heard = store.listen(Addresses.EVENT_OBSERVATION);

        assertThat(observe("s1", first, 1)).isEqualTo(first);
        assertThat(observe("s1", first, 3)).isEqualTo(first);

        assertThat(fetch(first).times()).isEqualTo(5);
        assertThat(heard).extracting(Observation::id).containsExactly(first, first);
        assertThat(heard).extracting(Observation::times).containsExactly(2, 5);
        assertThat(heard.get(1)).isEqualTo(fetch(first));
        assertThat(store.number("SELECT count(*) FROM memory WHERE kind = 1")).isEqualTo(1);
        assertThat(store.number("SELECT count(*) FROM tool_use WHERE observation_id = " + first))
                .isEqualTo(3);
        assertThat(store.search("otter").rows().get(0).times()).isEqualTo(5);
        assertThat(turn("s1").earlier()).extracting(Observation::times).containsExactly(5);
    }

    @Test
    void whatTheVectorIndexHasOfItStaysAsItIs() {
        long first = observe("s1", null, 1);
        VectorBatch batch = store.ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 100));
        store.ask(
                Addresses.STORE_VECTOR_DONE,
                new VectorDone(
                        batch.documents().stream()
                                .map(each -> new VectorDone.Written(each.id(), each.revision()))
                                .toList(),
                        List.of(),
                        List.of()));
        observe("s1", first, 1);
        assertThat(store.ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 100))
                        .documents())
                .as("only the new prompt")
                .hasSize(1)
                .noneMatch(document -> document.id() == first);
    }

    @Test
    void whatIsGoneOrAnotherSessionsIsStoredAnewWithItsCount() {
        long first = observe("s1", null, 1);
        long other = observe("s2", first, 2);
        assertThat(other).isNotEqualTo(first);
        assertThat(fetch(other).times()).isEqualTo(2);
        assertThat(fetch(first).times()).isNull();

        store.ask(Addresses.STORE_FORGET, new Forget(List.of(first), null, null, null, null, null, null, false));
        long again = observe("s1", first, 1);
        assertThat(again).isNotEqualTo(first);
        assertThat(fetch(again).times()).isNull();
        long prompt = store.number("SELECT min(id) FROM memory WHERE kind = 3");
        assertThat(observe("s1", prompt, 1)).as("a prompt is no observation").isNotEqualTo(prompt);
    }

    @Test
    void aCountBelowOneIsRefusedWithNothingStored() {
        TurnWork work = turn("s1");
        var refused = store.refusal(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(), "o", work.fresh(), List.of(flaky(work, null, 1), flaky(work, null, 0)), null));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused.field()).isEqualTo("times");
        assertThat(store.number("SELECT count(*) FROM memory WHERE kind = 1")).isZero();
    }

    private static List<String> export(StoreFixture from) {
        return from.ask(Addresses.STORE_EXPORT, new ExportQuery(null, null, null, null, 1_000, null))
                .lines();
    }

    @Test
    void anExportCarriesTheCountAndTheToolUsesOfLaterTurns() {
        long first = observe("s1", null, 1);
        observe("s1", first, 1);
        List<String> early = export(store);
        observe("s1", first, 1);
        List<String> late = export(store);
        try (StoreFixture b = new StoreFixture(directory.resolve("b"))) {
            b.save(StoreFixture.note("Ids are others here"));
            b.ask(Addresses.STORE_IMPORT, new ImportLines(early, 1, false));
            assertThat(b.number("SELECT times FROM memory WHERE title LIKE '%otter%'"))
                    .isEqualTo(2);
            b.ask(Addresses.STORE_IMPORT, new ImportLines(late, 1, false));
            b.ask(Addresses.STORE_IMPORT, new ImportLines(early, 1, false));
            assertThat(b.number("SELECT times FROM memory WHERE title LIKE '%otter%'"))
                    .as("the most that was said of it")
                    .isEqualTo(3);
            assertThat(b.number("SELECT count(*) FROM memory WHERE kind = 1 AND session_id IS NOT NULL"))
                    .isEqualTo(1);
            assertThat(b.number("SELECT count(DISTINCT turn_id) FROM tool_use u WHERE observation_id ="
                            + " (SELECT id FROM memory WHERE title LIKE '%otter%')"))
                    .isEqualTo(3);
        }
    }
}

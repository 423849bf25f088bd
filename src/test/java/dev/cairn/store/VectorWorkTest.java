package dev.cairn.store;

import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.Forget;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorDone;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.VectorReset;
import dev.cairn.bus.VectorStats;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchQuery;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorWorkTest {
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

    @Test
    void pendingMemoriesComeByIdAndOnlyUntilTheyAreWritten() {
        store.save(note("one"), note("two"), note("three"));

        VectorBatch first = pending(0, 2);
        assertThat(first.documents()).extracting(VectorDocument::id).containsExactly(1L, 2L);
        assertThat(first.documents().get(0).text()).startsWith("one");
        assertThat(pending(2, 2).documents()).extracting(VectorDocument::id).containsExactly(3L);

        written(first);
        store.reopen();
        assertThat(pending(0, 10).documents())
                .extracting(VectorDocument::id)
                .as("what was on its way when the worker ended is pending again")
                .containsExactly(3L);
        assertThat(stats()).isEqualTo(new VectorStats(null, 2, 3, 3, 0, 0));
    }

    @Test
    @DisplayName("a memory that is forgotten while it is on its way leaves a deletion behind, even after a crash")
    void forgottenWhileOnItsWay() {
        store.save(note("one"), note("two"), note("never handed over"));
        VectorBatch batch = pending(0, 2);
        store.reopen();
        forget(1L, 3L);
        written(batch);

        VectorBatch next = pending(0, 10);

        assertThat(next.deletions()).containsExactly(1L);
        assertThat(next.documents()).isEmpty();
        done(new VectorDone(List.of(), List.of(), List.of(1L)));
        assertThat(stats()).isEqualTo(new VectorStats(null, 1, 1, 1, 0, 0));
    }

    @Test
    @DisplayName("a summary that is written again while its first text is on its way is handed over again")
    void changedWhileOnItsWay() {
        summarise("p1", "first outcome");
        VectorBatch first = pending(0, 10);
        VectorDocument before = summary(first);

        // The turn goes on: its summary is replaced in place.
        store.append(tool("s", "p1", "u2", 30), stop("s", "p1", "said again", 31));
        complete("second outcome");
        written(first);

        VectorDocument after = summary(pending(0, 10));
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.text()).contains("second outcome");
        assertThat(after.revision()).isGreaterThan(before.revision());
    }

    @Test
    void whatIsRefusedTooOftenIsSetAside() {
        store.save(note("one"));
        for (int i = 1; i < VectorDone.MAX_ATTEMPTS; i++) {
            pending(0, 10);
            done(new VectorDone(List.of(), List.of(1L), List.of()));
            assertThat(pending(0, 10).documents()).hasSize(1);
        }
        done(new VectorDone(List.of(), List.of(1L), List.of()));

        assertThat(pending(0, 10).isEmpty()).isTrue();
        assertThat(stats().parked()).isEqualTo(1);

        store.ask(Addresses.STORE_VECTOR_RESET, new VectorReset("another"));
        assertThat(pending(0, 10).documents()).hasSize(1);
        assertThat(stats().collection()).isEqualTo("another");
    }

    @Test
    @DisplayName(
            "Behind a text stands what its session told just before: the observation before it, and that one's own text only")
    void theTextBeforeStandsBehind() {
        store.save(
                said("Login", "uses OAuth.", "s", 1_000),
                said("Why", "Because of the auditors.", "s", 2_000),
                said(null, "Third remark.", "s", 3_000),
                said("Elsewhere", "another talk", "t", 2_500),
                note("no talk"));

        assertThat(pending(0, 10).documents())
                .extracting(VectorDocument::text)
                .containsExactly(
                        "Login\nuses OAuth.",
                        "Why\nBecause of the auditors.\nLogin\nuses OAuth.",
                        "Third remark.\nWhy\nBecause of the auditors.",
                        "Elsewhere\nanother talk",
                        "no talk");
    }

    @Test
    void aTitleThatIsTheBeginOfTheBodyIsNotSaidTwice() {
        String words = "a remark of many words ".repeat(20).strip();
        store.save(note(words), said("a remark", words, "s", 1_000), said("A Remark", words, "t", 1_000));

        assertThat(pending(0, 10).documents())
                .extracting(VectorDocument::text)
                .containsExactly(words, words, "A Remark\n" + words);
    }

    @Test
    void aLongTextBeforeIsCutBetweenCharacters() {
        String before = "x" + "\uD83E\uDDA6".repeat(1_000);
        store.save(said(null, before, "s", 1_000), said(null, "short", "s", 2_000));

        String text = pending(1, 10).documents().get(0).text();

        assertThat(text).startsWith("short\nx\uD83E\uDDA6").endsWith("\uD83E\uDDA6");
        assertThat(text.length()).isEqualTo("short\n".length() + 999);
    }

    @Test
    @DisplayName(
            "H5: what stood behind a forgotten memory had its words in its vector: it is handed over again, and nothing else is")
    void forgettingReachesTheVectorOfTheNext() {
        store.save(
                said(null, "secret plan", "s", 1_000),
                said(null, "second", "s", 2_000),
                said(null, "third", "s", 3_000),
                said(null, "other", "t", 1_500),
                note("alone"));
        VectorBatch all = pending(0, 10);
        assertThat(all.documents().get(1).text()).contains("secret plan");
        written(all);

        forget(1L);

        VectorBatch next = pending(0, 10);
        assertThat(next.deletions()).containsExactly(1L);
        assertThat(next.documents()).extracting(VectorDocument::id).containsExactly(2L);
        assertThat(next.documents().get(0).text()).isEqualTo("second");
        assertThat(next.documents().get(0).revision())
                .isGreaterThan(all.documents().get(1).revision());
    }

    @Test
    void ofSeveralForgottenInARowOnlyTheNextThatStaysIsHandedOverAgain() {
        store.save(
                said(null, "first", "s", 1_000),
                said(null, "second", "s", 2_000),
                said(null, "third", "s", 3_000),
                said(null, "fourth", "s", 4_000));
        written(pending(0, 10));

        forget(2L, 3L);

        VectorBatch next = pending(0, 10);
        assertThat(next.deletions()).containsExactly(2L, 3L);
        assertThat(next.documents()).extracting(VectorDocument::text).containsExactly("fourth\nfirst");
    }

    @Test
    @DisplayName("H5: a text that is on its way while the one before it is forgotten is not taken for done")
    void forgottenBeforeWhileOnItsWay() {
        store.save(said(null, "secret plan", "s", 1_000), said(null, "second", "s", 2_000));
        VectorBatch sent = pending(0, 10);

        forget(1L);
        written(sent);

        assertThat(pending(0, 10).documents()).extracting(VectorDocument::text).containsExactly("second");
    }

    private static NewMemory said(@Nullable String title, String text, String session, long at) {
        return new NewMemory(text, title, null, StoreFixture.PROJECT.key(), List.of(), List.of(), at, session);
    }

    @Test
    void rowsAreSelectedByIdThroughTheFilters() {
        store.save(note("one"), note("two"), note("three"));

        assertThat(select(SearchQuery.of("no such word", StoreFixture.PROJECT.key(), 5), 3, 99, 1))
                .containsExactly(3L, 1L);
        assertThat(select(SearchQuery.of("one", "unknown", 5), 1)).isEmpty();
    }

    private List<Long> select(SearchQuery query, long... ids) {
        List<Long> wanted = java.util.Arrays.stream(ids).boxed().toList();
        return store.ask(Addresses.STORE_SELECT, new SelectMemories(query, wanted)).rows().stream()
                .map(MemoryRow::id)
                .toList();
    }

    private void summarise(String promptId, String completed) {
        store.append(prompt("s", promptId, "ask", 10), tool("s", promptId, "u1", 15), stop("s", promptId, "said", 20));
        complete(completed);
    }

    private void complete(String completed) {
        TurnWork work = store.claimWork("o");
        store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        "o",
                        work.fresh(),
                        List.of(),
                        new NewSummary("asked", null, null, completed, null, null, List.of(), List.of(), 77)));
    }

    private static VectorDocument summary(VectorBatch batch) {
        return batch.documents().stream()
                .filter(document -> document.kind() == Kind.SUMMARY)
                .findFirst()
                .orElseThrow();
    }

    private VectorBatch pending(long after, int limit) {
        return store.ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(after, limit));
    }

    private void written(VectorBatch batch) {
        done(new VectorDone(
                batch.documents().stream()
                        .map(document -> new VectorDone.Written(document.id(), document.revision()))
                        .toList(),
                List.of(),
                List.of()));
    }

    private void done(VectorDone done) {
        store.ask(Addresses.STORE_VECTOR_DONE, done);
    }

    private void forget(Long... ids) {
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(ids), null, null, null, null, null, null, false));
    }

    private VectorStats stats() {
        return store.ask(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING);
    }
}

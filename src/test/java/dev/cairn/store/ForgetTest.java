package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Projects;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorDone;
import dev.cairn.bus.VectorPending;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import dev.cairn.model.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgetTest {
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

    private static Forget where(
            @Nullable String project,
            @Nullable String session,
            @Nullable String query,
            @Nullable Long from,
            @Nullable Long to,
            boolean dryRun) {
        return new Forget(List.of(), null, project, session, query, from, to, dryRun);
    }

    private Forgotten forget(Forget forget) {
        return store.ask(Addresses.STORE_FORGET, forget);
    }

    /** A whole observed turn in a session of its own. */
    private void observedTurn(dev.cairn.model.Project project, String session, long at) {
        store.append(
                project,
                prompt(session, session + "p", "ask about otters", at),
                tool(session, session + "p", session + "u", at + 1),
                stop(session, session + "p", "told", at + 2));
        TurnWork work = store.claimWork("o");
        store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        "o",
                        work.fresh(),
                        List.of(new NewObservation(
                                "discovery",
                                "otter facts",
                                null,
                                "n",
                                List.of(),
                                List.of("zoo"),
                                List.of(session + ".txt"),
                                List.of("shared.txt"),
                                List.of(),
                                work.fresh(),
                                at + 1)),
                        new NewSummary(
                                "asked", null, "otters", null, null, null, List.of(), List.of("shared.txt"), at + 2)));
    }

    private void assertNothingOf(String table) {
        assertThat(store.number("SELECT count(*) FROM " + table)).as(table).isZero();
    }

    @Test
    void aWholeSessionIsForgottenAndNothingElse() {
        observedTurn(PROJECT, "s1", 100);
        observedTurn(PROJECT, "s2", 200);
        Forgotten planned = forget(where(null, "s1", null, null, null, true));
        assertThat(planned).isEqualTo(new Forgotten(1, 1, 1, 1, 1, true));
        assertThat(store.search("otter").total()).isEqualTo(6);
        assertThat(forget(where(null, "s1", null, null, null, false))).isEqualTo(new Forgotten(1, 1, 1, 1, 1, false));
        assertThat(store.search("otter").rows())
                .hasSize(3)
                .extracting("session")
                .containsOnly("s2");
        assertThat(store.search("otter").coverage().total()).isEqualTo(3);
        for (String table : List.of("session", "turn", "tool_use", "turn_note")) {
            assertThat(store.number("SELECT count(*) FROM " + table)).as(table).isEqualTo(1);
        }
        assertThat(store.text("SELECT group_concat(path) FROM (SELECT path FROM file ORDER BY path)"))
                .isEqualTo("s2.txt,shared.txt");
        assertThat(forget(where(null, "s1", null, null, null, false))).isEqualTo(new Forgotten(0, 0, 0, 0, 0, false));
    }

    @Test
    void aWholeProjectIsForgottenToItsName() {
        observedTurn(PROJECT, "s1", 100);
        observedTurn(OTHER, "s2", 200);
        assertThat(forget(where("other", null, null, null, null, false)))
                .isEqualTo(new Forgotten(1, 1, 1, 1, 1, false));
        assertThat(store.ask(Addresses.STORE_PROJECTS, Nothing.NOTHING).projects())
                .extracting(Projects.Row::project)
                .containsExactly(PROJECT);
        forget(where(PROJECT.key(), null, null, null, null, false));
        for (String table : List.of(
                "memory",
                "memory_file",
                "memory_concept",
                "file",
                "tool_use",
                "turn_note",
                "turn",
                "session",
                "project")) {
            assertNothingOf(table);
        }
        // The project comes back as a new one.
        assertThat(store.append(PROJECT, prompt("s1", "s1p", "ask about otters", 1))
                        .stored())
                .isEqualTo(1);
        assertThat(store.found("otter")).hasSize(1);
    }

    @Test
    void memoriesAreForgottenByIdsOfTheKind() {
        observedTurn(PROJECT, "s1", 100);
        List<Long> all = store.found("otter");
        assertThat(all).hasSize(3);
        Forget observations = new Forget(all, Kind.OBSERVATION, null, null, null, null, null, false);
        assertThat(forget(observations)).isEqualTo(new Forgotten(1, 0, 0, 0, 0, false));
        assertThat(store.found("otter")).hasSize(2);
        assertThat(store.number("SELECT count(*) FROM tool_use WHERE observation_id IS NULL AND observed = 1"))
                .as("its tool use stays, and is not observed again")
                .isEqualTo(1);
        List<Long> withUnknown = new ArrayList<>(all);
        withUnknown.add(999L);
        assertThat(forget(new Forget(withUnknown, null, null, null, null, null, null, false)))
                .isEqualTo(new Forgotten(0, 1, 1, 0, 0, false));
        assertNothingOf("memory");
    }

    @Test
    void idsAreNeverReused() {
        List<Long> first = store.save(note("a"), note("b"));
        forget(new Forget(first, null, null, null, null, null, null, false));
        assertThat(store.save(note("c")).get(0)).isGreaterThan(first.get(1));
    }

    @Test
    void aQueryForgetsWhatHasAllItsWords() {
        List<Long> ids = store.save(note("red walrus"), note("blue walrus"), note("red whale"));
        assertThat(forget(where(null, null, "walrus red", null, null, true)))
                .isEqualTo(new Forgotten(1, 0, 0, 0, 0, true));
        assertThat(forget(where(null, null, "walrus red", null, null, false)).observations())
                .isEqualTo(1);
        assertThat(store.found("red walrus")).containsExactlyInAnyOrder(ids.get(1), ids.get(2));
        assertThat(store.refusal(Addresses.STORE_FORGET, where(null, null, "?!", null, null, false))
                        .field())
                .isEqualTo("query");
    }

    @Test
    @DisplayName("A search also finds a name by its parts, but what is forgotten for good must have the word itself")
    void aQueryForgetsNothingForThePartsOfAName() {
        List<Long> ids = store.save(note("calls readFile"), note("reads a file"));
        assertThat(store.found("file")).containsExactlyInAnyOrderElementsOf(ids);

        assertThat(forget(where(null, null, "file", null, null, false)).observations())
                .isEqualTo(1);

        assertThat(store.found("readFile")).containsExactly(ids.get(0));
        assertThat(forget(where(null, null, "readFile", null, null, false)).observations())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("The words of the scope column, and those that pad it, are no words of a memory")
    void aQueryForgetsNothingForWordsOfTheIndexAlone() {
        store.save(note("something"));
        for (String word : List.of("z", "k1", "p1", "z z")) {
            assertThat(store.found(word)).isEmpty();
            assertThat(forget(where(null, null, word, null, null, false)).observations())
                    .isZero();
        }
    }

    @Test
    void aSpanOfTimeIsForgottenWithItsRawEvents() {
        observedTurn(PROJECT, "s1", 100);
        observedTurn(PROJECT, "s2", 200);
        assertThat(forget(where(null, null, null, 150L, 201L, true))).isEqualTo(new Forgotten(1, 0, 1, 1, 0, true));
        assertThat(forget(where(null, null, null, 150L, 201L, false))).isEqualTo(new Forgotten(1, 0, 1, 1, 0, false));
        assertThat(store.number("SELECT count(*) FROM session")).isEqualTo(2);
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(1);
    }

    @Test
    void aForgottenTurnIsNotHandedOut() {
        store.append(prompt("s1", "p1", "walrus", 1), stop("s1", "p1", "x", 2));
        TurnWork work = store.claimWork("o");
        forget(where(null, "s1", null, null, null, false));
        assertThat(store.refusal(
                                Addresses.STORE_COMPLETE,
                                new CompleteTurn(work.turnId(), "o", List.of(), List.of(), null))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(store.claim("o", 10).work()).isNull();
    }

    @Test
    void somethingMustBeAskedFor() {
        assertThat(store.refusal(Addresses.STORE_FORGET, where(null, null, null, null, null, false))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(store.refusal(
                                Addresses.STORE_FORGET,
                                new Forget(List.of(), Kind.PROMPT, null, null, null, null, null, false))
                        .field())
                .isEqualTo("ids");
        assertThat(store.refusal(
                                Addresses.STORE_FORGET,
                                new Forget(List.of(1L), null, "p", null, null, null, null, false))
                        .field())
                .isEqualTo("ids");
        assertThat(forget(where("nobody", null, null, null, null, false)))
                .isEqualTo(new Forgotten(0, 0, 0, 0, 0, false));
    }

    @Test
    @DisplayName("D9: after a bulk delete the file shrinks, while others write")
    void theFileShrinksWhileOthersWrite() throws Exception {
        String filler = "lorem ipsum dolor sit amet ".repeat(20);
        for (int batch = 0; batch < 3; batch++) {
            NewMemory[] many = new NewMemory[4_000];
            for (int i = 0; i < many.length; i++) {
                many[i] = note(filler + batch + " " + i);
            }
            store.save(many);
        }
        store.reopen();
        long before = Files.size(store.config.database());
        var forgetting =
                store.bus.request(Addresses.STORE_FORGET, where(PROJECT.key(), null, null, null, null, false), 30_000);
        for (int i = 0; i < 20; i++) {
            assertThat(store.append(OTHER, prompt("s1", "p" + i, "still here", i))
                            .stored())
                    .isEqualTo(1);
        }
        assertThat(StoreFixture.await(forgetting).observations()).isEqualTo(12_000);
        assertThat(store.found("lorem")).isEmpty();
        assertThat(store.search("still").total()).isEqualTo(20);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (store.number("PRAGMA freelist_count") > 0 && System.nanoTime() < deadline) {
            store.append(OTHER, tool("s1", null, null, 1));
        }
        store.stop();
        assertThat(Files.size(store.config.database())).isLessThan(before / 5);
    }

    @Test
    @DisplayName("H5: the bytes of what was forgotten are neither in the database's file nor in its log")
    void noByteOfWhatWasForgottenIsLeft() throws Exception {
        String word = "xyzzyplughforgotten";
        String filler = " lorem ipsum dolor sit amet".repeat(800);
        for (int i = 0; i < 20; i++) {
            store.append(
                    prompt("s1", "p" + i, word + filler, i),
                    StoreFixture.event(EventKind.TOOL_USE, "s1")
                            .promptId("p" + i)
                            .toolUseId("u" + i)
                            .input("{\"x\":\"" + word + filler + "\"}")
                            .at(i),
                    stop("s1", "p" + i, word, i));
            store.save(note("kept " + i + filler));
        }
        store.reopen();
        store.append(prompt("s1", "last", word, 99));
        assertThat(bytes("cairn.db")).contains(word);
        assertThat(bytes("cairn.db-wal")).contains(word);
        assertThat(forget(where(null, "s1", null, null, null, false)).toolUses())
                .isEqualTo(20);
        StoreFixture.until("the log is emptied", () -> bytes("cairn.db-wal").isEmpty());
        assertThat(bytes("cairn.db")).doesNotContain(word);
        assertThat(store.search("kept").total()).isEqualTo(20);
    }

    private String bytes(String name) {
        try {
            return new String(Files.readAllBytes(directory.resolve(name)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatWasForgottenIsTakenOutOfTheVectorIndex() {
        observedTurn(PROJECT, "s1", 100);
        VectorBatch sent = store.ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 10));
        List<Long> ids = sent.documents().stream().map(VectorDocument::id).toList();
        store.ask(
                Addresses.STORE_VECTOR_DONE,
                new VectorDone(
                        sent.documents().stream()
                                .map(each -> new VectorDone.Written(each.id(), each.revision()))
                                .toList(),
                        List.of(),
                        List.of()));
        forget(where(null, "s1", null, null, null, false));
        assertThat(store.ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 10))
                        .deletions())
                .isEqualTo(ids);
    }
}

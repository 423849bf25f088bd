package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.What;
import dev.cairn.model.Observation;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Session;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memories saved by hand with the session they were said in. */
class SavedSessionTest {
    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory.resolve("a"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theSessionIsMadeOnceAndFoundAgain() {
        store.save(said("one", "talk", 5_000L), said("two", "talk", 6_000L));
        store.save(said("three", "talk", null));

        assertThat(sessions(store)).singleElement().satisfies(session -> {
            assertThat(session.sessionId()).isEqualTo("talk");
            assertThat(session.platform()).isEqualTo("api");
            assertThat(session.project()).isEqualTo(PROJECT);
            assertThat(session.startedAt()).isEqualTo(5_000);
            assertThat(session.endedAt()).isNull();
            assertThat(session.prompts()).isZero();
        });
        assertThat(observations(store, "talk"))
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.sessionId()).isEqualTo("talk"));
    }

    @Test
    void aHostsSessionIsUsedWhoeverSaves() {
        store.append(prompt("host-session", "p1", "hello", 10));

        store.save(said("remember", "host-session", 20L));

        assertThat(sessions(store))
                .singleElement()
                .satisfies(session -> assertThat(session.platform()).isEqualTo(StoreFixture.PLATFORM));
        assertThat(observations(store, "host-session"))
                .singleElement()
                .satisfies(each -> assertThat(each.platform()).isEqualTo("api"));
    }

    @Test
    void ofTwoHostsSessionsTheSaversOwnIsUsed() {
        store.append(prompt("same", "p1", "hello", 10));
        store.ask(Addresses.STORE_SAVE, new SaveMemories(List.of(said("mine", "mine", 20L)), "codex"));
        store.ask(Addresses.STORE_SAVE, new SaveMemories(List.of(said("a", "same", 20L)), "codex"));
        long first = store.number("SELECT session_id FROM memory WHERE text = 'a'");
        store.append(StoreFixture.prompt("mine", "p2", "hello", 30));
        store.ask(Addresses.STORE_SAVE, new SaveMemories(List.of(said("b", "mine", 40L)), StoreFixture.PLATFORM));

        assertThat(store.text("SELECT platform FROM session WHERE id = " + first))
                .isEqualTo(StoreFixture.PLATFORM);
        assertThat(store.text(
                        "SELECT s.platform FROM memory m JOIN session s ON s.id = m.session_id WHERE m.text = 'b'"))
                .isEqualTo(StoreFixture.PLATFORM);
    }

    @Test
    void withoutASessionThereIsNone() {
        store.save(note("alone"));

        assertThat(sessions(store)).isEmpty();
        assertThat(store.number("SELECT count(*) FROM memory WHERE session_id IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void aSessionOutOfBoundsIsRefusedByNameAndNothingIsSaved() {
        for (String session : List.of("", "x".repeat(NewMemory.MAX_SESSION + 1))) {
            assertThat(store.refusal(
                                    Addresses.STORE_SAVE,
                                    new SaveMemories(List.of(note("fine"), said("bad", session, 1L)), "api"))
                            .field())
                    .isEqualTo("memories[1].session");
        }
        assertThat(store.number("SELECT count(*) FROM memory")).isZero();
        assertThat(store.save(said("longest", "x".repeat(NewMemory.MAX_SESSION), 1L)))
                .hasSize(1);
    }

    @Test
    void itIsSearchedAndForgottenAsAnySession() {
        store.save(said("walrus one", "talk", 1L), said("walrus two", "other", 2L), note("walrus three"));
        SearchQuery inTalk = new SearchQuery(
                "walrus",
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                "talk",
                null,
                null,
                20,
                0,
                SearchOrder.RELEVANCE,
                false);

        assertThat(store.search(inTalk).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.session()).isEqualTo("talk"));
        store.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, "talk", null, null, null, false));

        assertThat(store.search("walrus").total()).isEqualTo(2);
        assertThat(sessions(store)).extracting(Session::sessionId).containsExactly("other");
    }

    @Test
    void aRoundTripThroughAnExportKeepsIt() {
        store.save(
                said("one", "talk", 5_000L),
                said("two", "talk", 6_000L),
                new NewMemory("elsewhere", null, null, OTHER.key(), List.of(), List.of(), 7_000L, "talk"),
                note("alone"));
        List<String> lines = export(store);

        try (StoreFixture other = new StoreFixture(directory.resolve("b"))) {
            other.ask(Addresses.STORE_IMPORT, new ImportLines(lines, 1, false));

            assertThat(sessions(other)).singleElement().satisfies(session -> {
                assertThat(session.sessionId()).isEqualTo("talk");
                assertThat(session.platform()).isEqualTo("api");
                assertThat(session.startedAt()).isEqualTo(5_000);
            });
            assertThat(observations(other, "talk"))
                    .extracting(Observation::narrative)
                    .containsExactlyInAnyOrder("one", "two", "elsewhere");
            assertThat(other.number("SELECT count(*) FROM memory WHERE session_id IS NULL"))
                    .isEqualTo(1);
            assertThat(export(other)).isEqualTo(lines);
            assertThat(other.ask(Addresses.STORE_IMPORT, new ImportLines(lines, 1, false))
                            .observations())
                    .as("a second time")
                    .isZero();
        }
    }

    private static NewMemory said(String text, String session, @Nullable Long at) {
        return new NewMemory(text, null, null, PROJECT.key(), List.of(), List.of(), at, session);
    }

    private static List<String> export(StoreFixture store) {
        ExportPage page = store.ask(Addresses.STORE_EXPORT, new ExportQuery(null, null, null, null, 1_000, null));
        assertThat(page.next()).isNull();
        return page.lines();
    }

    private static List<Session> sessions(StoreFixture store) {
        return store.ask(Addresses.STORE_PAGE, new PageQuery(What.SESSIONS, null, null, null, null, null, 20, null))
                .sessions();
    }

    private static List<Observation> observations(StoreFixture store, String session) {
        return store.ask(
                        Addresses.STORE_PAGE,
                        new PageQuery(What.OBSERVATIONS, null, null, session, null, null, 20, null))
                .observations();
    }
}

package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.event;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.Stats;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.What;
import dev.cairn.model.EventKind;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendTest {
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

    private String states() {
        return String.valueOf(
                store.text("SELECT group_concat(number || ':' || state, ' ') FROM (SELECT * FROM turn ORDER BY id)"));
    }

    @Test
    @DisplayName("D6: the same tool use is stored once")
    void theSameToolUseIsStoredOnce() {
        assertThat(store.append(tool("s1", "p1", "u1", 10))).isEqualTo(new Recorded(PROJECT, 1, 0, 1L, null));
        assertThat(store.append(tool("s1", "p1", "u1", 20))).isEqualTo(new Recorded(PROJECT, 0, 1, 1L, null));
        // A repeat that names another prompt must not make a turn for it.
        assertThat(store.append(tool("s1", "p2", "u1", 30), tool("s1", "p1", "u2", 40)))
                .isEqualTo(new Recorded(PROJECT, 1, 1, 1L, null));
        assertThat(store.append(tool("s2", "p1", "u1", 50)).stored()).isEqualTo(1);
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(3);
        assertThat(states()).isEqualTo("1:open 1:open");
    }

    @Test
    void toolUsesWithoutAnIdAreAllKept() {
        assertThat(store.append(tool("s1", null, null, 10), tool("s1", null, null, 20))
                        .stored())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("D6: the same prompt of the same id is stored once, another text beside it")
    void promptsWithAnId() {
        assertThat(store.append(prompt("s1", "p1", "fix it", 10)).stored()).isEqualTo(1);
        store.append(tool("s1", "p1", "u1", 20));
        assertThat(store.append(prompt("s1", "p1", "fix it", 30))).isEqualTo(new Recorded(PROJECT, 0, 1, 1L, 1));
        assertThat(store.append(prompt("s1", "p1", "and test it", 40)).stored()).isEqualTo(1);
        assertThat(store.number("SELECT count(*) FROM memory")).isEqualTo(2);
        assertThat(states()).isEqualTo("1:open");
    }

    @Test
    @DisplayName("D6: without an id, a prompt repeats the last one only when nothing happened since")
    void promptsWithoutAnId() {
        store.append(prompt("s1", null, "go on", 10));
        assertThat(store.append(prompt("s1", null, "go on", 20)).duplicates()).isEqualTo(1);
        assertThat(store.append(prompt("s1", null, "go on!", 30)).stored()).isEqualTo(1);
        assertThat(store.append(prompt("s1", null, "go on", 40)).stored()).isEqualTo(1);
        store.append(tool("s1", null, "u1", 50));
        assertThat(store.append(prompt("s1", null, "go on", 60)).stored()).isEqualTo(1);
        store.append(stop("s1", null, "done", 70));
        assertThat(store.append(prompt("s1", null, "go on", 80)).stored()).isEqualTo(1);
        assertThat(states()).isEqualTo("1:pending 2:pending 3:pending 4:pending 5:open");
    }

    @Test
    @DisplayName("D6: what was said is stored once for each prompt")
    void notesAreStoredOnce() {
        store.append(prompt("s1", "p1", "a", 10), stop("s1", "p1", "Done.", 20));
        assertThat(store.append(stop("s1", "p1", "Done.", 30)).duplicates()).isEqualTo(1);
        assertThat(store.append(stop("s1", "p1", "Done!", 30)).stored()).isEqualTo(1);
        store.append(prompt("s1", "p2", "b", 40));
        assertThat(store.append(stop("s1", "p2", "Done.", 50)).stored()).isEqualTo(1);
        assertThat(store.append(event(EventKind.SUBAGENT_STOP, "s1")
                                .promptId("p2")
                                .text("Done.")
                                .at(60))
                        .stored())
                .isEqualTo(1);
        assertThat(store.number("SELECT count(*) FROM turn_note")).isEqualTo(4);
    }

    @Test
    void anEventBelongsToThePromptItNamesOrElseToTheLatestTurn() {
        store.append(prompt("s1", "p1", "a", 10), prompt("s1", "p2", "b", 20));
        store.append(tool("s1", "p1", "late", 30), tool("s1", null, "latest", 40), tool("s1", "p3", "new", 50));
        Page uses = store.ask(Addresses.STORE_PAGE, page(What.TOOL_USES));
        assertThat(uses.toolUses())
                .extracting(ToolUse::toolUseId, ToolUse::turn)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("new", 3),
                        org.assertj.core.groups.Tuple.tuple("latest", 2),
                        org.assertj.core.groups.Tuple.tuple("late", 1));
    }

    @Test
    void anEventWithoutAPromptBeforeItBeginsTheFirstTurn() {
        store.append(tool("s1", null, "u1", 10));
        store.append(event(EventKind.COMPACT, "s2").text("so far").at(10));
        store.append(stop("s3", null, "bye", 10));
        assertThat(states()).isEqualTo("1:open 1:open 1:pending");
    }

    @Test
    void startsAndOtherEventsMakeNoTurns() {
        Recorded recorded = store.append(
                event(EventKind.SESSION_START, "s1").at(1),
                event(EventKind.OTHER, "s1").promptId("p9").at(2),
                event(EventKind.SESSION_END, "s1").detail("logout").at(3));
        assertThat(recorded.stored()).isEqualTo(3);
        assertThat(store.number("SELECT count(*) FROM turn")).isZero();
        Stats stats = store.ask(Addresses.STORE_STATS, Nothing.NOTHING);
        assertThat(stats.events())
                .containsEntry("SessionStart", 1L)
                .containsEntry("Notification", 1L)
                .containsEntry("SessionEnd", 1L);
    }

    @Test
    void everyReceivedEventIsCountedRepeatsToo() {
        for (int i = 0; i < 5; i++) {
            store.append(
                    tool("s1", "p1", "u1", 10), event(EventKind.OTHER, "s1").at(11));
        }
        assertThat(store.ask(Addresses.STORE_STATS, Nothing.NOTHING).events())
                .containsEntry("PostToolUse", 5L)
                .containsEntry("Notification", 5L);
    }

    @Test
    void aTurnIsPendingWhenTheNextBeginsWhenTheAgentStopsOrWhenTheSessionEnds() {
        List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
        store.append(prompt("s1", "p1", "a", 10));
        assertThat(states()).isEqualTo("1:open");
        store.append(prompt("s1", "p2", "b", 20));
        assertThat(states()).isEqualTo("1:pending 2:open");
        store.append(stop("s1", "p2", "done", 30));
        assertThat(states()).isEqualTo("1:pending 2:pending");
        store.append(prompt("s1", "p3", "c", 40));
        store.append(event(EventKind.SESSION_END, "s1").detail("logout").at(50));
        assertThat(states()).isEqualTo("1:pending 2:pending 3:pending");
        assertThat(ready).extracting(TurnReady::turnId).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRepeatedStopStillEndsATurnThatWentOn() {
        store.append(prompt("s1", "p1", "a", 10), stop("s1", "p1", "Done.", 20));
        long turn = store.claimWork("o").turnId();
        store.ask(Addresses.STORE_COMPLETE, new dev.cairn.bus.CompleteTurn(turn, "o", List.of(), List.of(), null));
        store.append(tool("s1", "p1", "u1", 30));
        assertThat(states()).isEqualTo("1:open");
        assertThat(store.append(stop("s1", "p1", "Done.", 40)).duplicates()).isEqualTo(1);
        assertThat(states()).isEqualTo("1:pending");
    }

    @Test
    void aSessionBeginsGoesOnAndEnds() {
        List<Session> heard = store.listen(Addresses.EVENT_SESSION);
        store.append(event(EventKind.SESSION_START, "s1").detail("startup").at(10));
        store.append(prompt("s1", "p1", "a", 20), tool("s1", "p1", "u1", 30));
        store.append(event(EventKind.SESSION_END, "s1").detail("logout").at(40));
        assertThat(store.append(event(EventKind.SESSION_END, "s1")
                                .detail("again")
                                .at(50))
                        .duplicates())
                .isEqualTo(1);
        Session ended =
                store.ask(Addresses.STORE_PAGE, page(What.SESSIONS)).sessions().get(0);
        assertThat(ended.startedAt()).isEqualTo(10);
        assertThat(ended.endedAt()).isEqualTo(40);
        assertThat(ended.endReason()).isEqualTo("logout");
        assertThat(ended.prompts()).isEqualTo(1);
        assertThat(ended.toolUses()).isEqualTo(1);
        assertThat(ended.cwd()).isEqualTo("/home/u/cairn");

        store.append(tool("s1", "p1", "u2", 60));
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.SESSIONS))
                        .sessions()
                        .get(0)
                        .endedAt())
                .as("late news of a tool does not bring it back")
                .isEqualTo(40);
        store.append(prompt("s1", "p2", "b", 70));
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.SESSIONS))
                        .sessions()
                        .get(0)
                        .endedAt())
                .isNull();
        assertThat(heard).extracting(Session::endedAt).containsExactly(null, 40L, null);
    }

    @Test
    void aSessionKeepsItsFirstProjectAndRowsHaveTheirOwn() {
        store.append(PROJECT, prompt("s1", "p1", "a", 10));
        store.append(OTHER, tool("s1", "p1", "u1", 20));
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.SESSIONS))
                        .sessions()
                        .get(0)
                        .project())
                .isEqualTo(PROJECT);
        assertThat(store.ask(Addresses.STORE_PAGE, page(What.TOOL_USES))
                        .toolUses()
                        .get(0)
                        .project())
                .isEqualTo(OTHER);
    }

    @Test
    void whatWasStoredIsPublishedAsItStands() {
        List<Prompt> prompts = store.listen(Addresses.EVENT_PROMPT);
        List<ToolUse> uses = store.listen(Addresses.EVENT_TOOL_USE);
        store.append(prompt("s1", "p1", "a", 10), tool("s1", "p1", "u1", 20), tool("s1", "p1", "u1", 20));
        assertThat(prompts)
                .isEqualTo(store.ask(Addresses.STORE_PAGE, page(What.PROMPTS)).prompts());
        assertThat(uses)
                .hasSize(1)
                .isEqualTo(store.ask(Addresses.STORE_PAGE, page(What.TOOL_USES)).toolUses());
    }

    @Test
    void textsComeBackAsTheyWereGiven() {
        String strange = "{\"t\":\"a\u0000b \\u0000 \\\" ' \uD83D\uDE00 数 \u2028 \t\"}";
        store.append(event(EventKind.TOOL_USE, "s1")
                .promptId("p1")
                .toolUseId("u1")
                .input(strange)
                .at(1));
        store.append(prompt("s1", "p1", strange, 2), stop("s1", "p1", strange, 3));
        var work = store.claimWork("o");
        assertThat(work.toolUses().get(0).input()).isEqualTo(strange);
        assertThat(work.notes().get(0).text()).isEqualTo(strange);
        assertThat(java.util.Objects.requireNonNull(work.prompt()).text()).isEqualTo(strange);
        assertThat(store.append(prompt("s1", "p1", strange, 4)).duplicates()).isEqualTo(1);
    }

    @Test
    @DisplayName("D7: twenty writers at once, and no database is locked")
    void twentyConcurrentWriters() {
        List<Future<?>> answers = new ArrayList<>();
        for (int writer = 0; writer < 20; writer++) {
            String session = "s" + writer;
            for (int i = 0; i < 50; i++) {
                answers.add(store.bus.request(
                        Addresses.STORE_APPEND,
                        new AppendEvents(
                                i % 2 == 0 ? PROJECT : OTHER,
                                List.of(
                                        tool(session, "p" + i / 10, "u" + i, i),
                                        event(EventKind.OTHER, session).at(i)))));
            }
            answers.add(store.bus.request(Addresses.STORE_PAGE, page(What.TOOL_USES)));
        }
        StoreFixture.await(Future.all(answers));
        assertThat(store.number("SELECT count(*) FROM tool_use")).isEqualTo(1_000);
        assertThat(store.number("SELECT count(*) FROM session")).isEqualTo(20);
        assertThat(store.number("SELECT count(*) FROM turn")).isEqualTo(100);
        assertThat(store.number("SELECT count FROM event_count WHERE name = 'PostToolUse'"))
                .isEqualTo(1_000);
    }

    private static PageQuery page(What what) {
        return new PageQuery(what, null, null, null, null, null, 100, null);
    }
}

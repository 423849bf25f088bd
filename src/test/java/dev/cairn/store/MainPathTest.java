package dev.cairn.store;

import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.await;
import static dev.cairn.store.StoreFixture.event;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Page;
import dev.cairn.bus.Recent;
import dev.cairn.bus.RecentQuery;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.Stats;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.What;
import dev.cairn.model.CommandRun;
import dev.cairn.model.EventKind;
import dev.cairn.model.Observation;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainPathTest {
    @TempDir
    Path directory;

    @Test
    void eventsOfATurnBecomeWorkAndItsResultBecomesSearchable() {
        try (StoreFixture store = new StoreFixture(directory)) {
            List<TurnReady> ready = store.listen(Addresses.EVENT_TURN_READY);
            List<Session> sessions = store.listen(Addresses.EVENT_SESSION);
            List<Observation> observed = store.listen(Addresses.EVENT_OBSERVATION);

            store.append(event(EventKind.SESSION_START, "s1").detail("startup").at(10));
            store.append(prompt("s1", "p1", "Why does the parser crash on empty input?", 20));
            store.append(tool("s1", "p1", "u1", 30), tool("s1", "p1", "u2", 40));
            Recorded stopped = store.append(stop("s1", "p1", "The parser is fixed.", 50));
            assertThat(stopped).isEqualTo(new Recorded(PROJECT, 1, 0, 1L, null));

            TurnWork work = store.claimWork("observer-1");
            assertThat(work.project()).isEqualTo(PROJECT);
            assertThat(work.turn()).isEqualTo(1);
            assertThat(work.attempt()).isEqualTo(1);
            Prompt asked = Objects.requireNonNull(work.prompt());
            assertThat(asked.text()).isEqualTo("Why does the parser crash on empty input?");
            assertThat(work.toolUses()).extracting("toolUseId").containsExactly("u1", "u2");
            assertThat(work.toolUses()).extracting("input").containsOnly("{\"file\":\"a.txt\"}");
            assertThat(work.fresh()).hasSize(2);
            assertThat(work.notes()).extracting("text").containsExactly("The parser is fixed.");
            assertThat(work.startedAt()).isEqualTo(20);
            assertThat(work.endedAt()).isEqualTo(50);

            NewObservation found = new NewObservation(
                    "bugfix",
                    "Parser accepts empty input",
                    "a guard",
                    "The tokenizer read past the end.",
                    List.of("Tokenizer.next checks the length"),
                    List.of("gotcha"),
                    List.of("src/Tokenizer.java"),
                    List.of("src/Parser.java"),
                    List.of(new CommandRun("mvn test", "ok")),
                    List.of(work.fresh().get(0)),
                    45);
            NewSummary summary = new NewSummary(
                    "Why does the parser crash?",
                    "the tokenizer",
                    "it read past the end",
                    "a guard was added",
                    null,
                    "The parser is fixed.",
                    List.of("src/Tokenizer.java"),
                    List.of("src/Parser.java"),
                    50);
            CompletedTurn completed = store.ask(
                    Addresses.STORE_COMPLETE,
                    new CompleteTurn(work.turnId(), "observer-1", work.fresh(), List.of(found), summary));
            long observation = completed.observationIds().get(0);

            assertThat(store.found("tokenizer past")).containsExactlyInAnyOrder(observation, completed.summaryId());
            assertThat(store.found("empty inputs")).contains(observation, asked.id());
            assertThat(store.search("guard").total()).isEqualTo(2);
            Page fetched = store.ask(Addresses.STORE_FETCH, new Fetch(What.MEMORIES, List.of(observation)));
            assertThat(fetched.observations()).containsExactlyElementsOf(observed);
            assertThat(fetched.observations().get(0).commands()).containsExactly(new CommandRun("mvn test", "ok"));
            Page uses = store.ask(Addresses.STORE_FETCH, new Fetch(What.TOOL_USES, work.fresh()));
            assertThat(uses.toolUses()).extracting("observationId").containsExactly(observation, null);

            Recent recent = store.ask(Addresses.STORE_RECENT, new RecentQuery("cairn", 5, 5));
            assertThat(recent.observations()).extracting(Observation::id).containsExactly(observation);
            assertThat(recent.summaries()).extracting("notes").containsExactly("The parser is fixed.");
            Stats stats = store.ask(Addresses.STORE_STATS, Nothing.NOTHING);
            assertThat(stats.events()).containsEntry("PostToolUse", 2L).containsEntry("Stop", 1L);
            assertThat(stats.pending() + stats.claimed() + stats.parked()).isZero();
            assertThat(ready).containsExactly(new TurnReady(work.turnId(), "claude-code", "s1"));
            assertThat(sessions).extracting(Session::sessionId).containsExactly("s1");
        }
    }

    @Test
    void aSavedMemoryIsFoundAfterTheStoreWasClosedAndOpenedAgain() {
        try (StoreFixture store = new StoreFixture(directory)) {
            List<Long> ids = store.save(note("Deployments go through the blue pipeline. Never on Fridays."));
            store.reopen();
            assertThat(store.found("friday deployment")).isEqualTo(ids);
            assertThat(store.search("blue").rows().get(0).title())
                    .isEqualTo("Deployments go through the blue pipeline.");
            assertThat(await(store.bus.request(Addresses.health("store"), Nothing.NOTHING))
                            .up())
                    .isTrue();
        }
    }
}

package dev.cairn.example;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Forget;
import dev.cairn.bus.MemoryClient;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.bus.What;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Summary;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an application does with a memory: subscribes, records a turn, saves, searches, looks around, forgets. */
final class Visit {
    private static final String PROJECT = "harbour";
    private static final String CWD = "/srv/" + PROJECT;

    private final MemoryClient memory;

    private Visit(MemoryClient memory) {
        this.memory = memory;
    }

    /** Does all of it; every step prints one line. */
    static Future<Void> pay(Vertx vertx) {
        return new Visit(MemoryClient.create(vertx)).all();
    }

    private Future<Void> all() {
        Promise<Summary> heard = Promise.promise();
        return memory.subscribe(Addresses.EVENT_SUMMARY, heard::tryComplete)
                .completion()
                .compose(listening -> memory.record(new RecordEvents(List.of(
                        event(EventKind.PROMPT, "UserPromptSubmit", "Paint the crane", null),
                        event(EventKind.STOP, "Stop", null, "Painted it yellow")))))
                .onSuccess(recorded -> say("recorded " + recorded.stored()))
                .compose(recorded -> heard.future().timeout(30, TimeUnit.SECONDS))
                .onSuccess(summary -> say("heard of " + summary.request()))
                .compose(summary -> memory.save(new SaveMemories(List.of(note()), "example")))
                .onSuccess(saved -> say("saved " + saved.ids().size()))
                .compose(saved -> memory.search(SearchQuery.of("crane keys", PROJECT, 10)))
                .onSuccess(found -> say("found " + found.hits().get(0).title()))
                .map(found -> found.hits().get(0).id())
                .compose(id -> memory.timeline(new TimelineQuery(id, null, null, 5, 5, null))
                        .onSuccess(around -> say("around it " + around.items().size()))
                        .compose(around -> memory.fetch(new Fetch(What.MEMORIES, List.of(id))))
                        .onSuccess(page -> say("in full " + page.observations().size()))
                        .compose(page ->
                                memory.forget(new Forget(List.of(id), null, null, null, null, null, null, false))))
                .onSuccess(forgotten -> say("forgot " + forgotten.observations()))
                .mapEmpty();
    }

    private static NewMemory note() {
        return new NewMemory("The harbour crane needs two keys", null, "decision", PROJECT, List.of(), List.of(), null);
    }

    private static AgentEvent event(EventKind kind, String name, @Nullable String prompt, @Nullable String text) {
        return new AgentEvent(
                kind,
                name,
                "example",
                "session-1",
                CWD,
                "prompt-1",
                null,
                prompt,
                null,
                null,
                null,
                null,
                null,
                null,
                text,
                null,
                System.currentTimeMillis());
    }

    private static void say(String line) {
        System.out.println(line);
    }
}

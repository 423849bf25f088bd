package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Parameters;
import dev.cairn.http.compat.StreamTexts;
import dev.cairn.model.CairnException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The live stream to the clients of one instance. Used on its event loop only. */
final class StreamRoutes {
    private static final String EVENTS = "text/event-stream";
    private static final List<String> PARAMETERS = List.of("events", "project", "unnamed");

    /** For what a stream begins with, beside the events. */
    private static final long GREETING_MS = 1_000;

    private final Bus bus;
    private final Live live;
    private final boolean withUnnamed;
    private final Context loop;
    private final Set<Viewer> viewers = new LinkedHashSet<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** @param withUnnamed whether a stream that asks for nothing special brings the events of claude-mem's stream too */
    StreamRoutes(Vertx vertx, Bus bus, Live live, Limits.Streams limits, boolean withUnnamed) {
        this.bus = bus;
        this.live = live;
        this.withUnnamed = withUnnamed;
        loop = vertx.getOrCreateContext();
        live.ring().watch(this::wakeSoon);
        vertx.setPeriodic(limits.beatMs(), tick -> List.copyOf(viewers).forEach(Viewer::beat));
    }

    void addTo(Routes routes) {
        routes.get("/stream", this::stream);
    }

    private Future<Answer> stream(Exchange exchange) {
        Parameters parameters = exchange.parameters(PARAMETERS);
        Predicate<EventRing.Event> wanted = wanted(parameters);
        String lastId = exchange.header("last-event-id");
        EventRing ring = live.ring();
        long from = lastId == null || lastId.isBlank() ? ring.last() : ring.number(lastId.strip());
        if (!live.enter()) {
            throw CairnException.unavailable("too many clients watch the stream; try again later");
        }
        boolean asIs = exchange.query().isEmpty();
        boolean unnamed = withUnnamed && (asIs || parameters.flag("unnamed", false));
        Future<Buffer> greeting = unnamed && lastId == null ? greeting() : Future.succeededFuture(Buffer.buffer());
        return greeting.map(begin -> {
            Viewer viewer = new Viewer(ring, from, wanted, new Viewer.Form(unnamed, begin), this::left);
            viewers.add(viewer);
            return Answer.stream(EVENTS, viewer);
        });
    }

    /** What claude-mem's stream begins with. Never fails. */
    private Future<Buffer> greeting() {
        Future<String> load = bus.request(Addresses.STORE_PROJECTS, Nothing.NOTHING, GREETING_MS)
                .map(StreamTexts::initialLoad);
        Future<String> processing =
                bus.request(Addresses.STORE_STATS, Nothing.NOTHING, GREETING_MS).map(StreamTexts::processing);
        return Future.join(load, processing).transform(both -> {
            Buffer greeting = EventText.unnamed(StreamTexts.connected());
            for (Future<String> each : List.of(load, processing)) {
                if (each.succeeded()) {
                    greeting.appendBuffer(EventText.unnamed(each.result()));
                }
            }
            return Future.succeededFuture(greeting);
        });
    }

    private void left(Viewer viewer) {
        if (viewers.remove(viewer)) {
            live.leave();
        }
    }

    /** Called by whoever adds an event; several at once are one turn of the event loop. */
    private void wakeSoon() {
        if (woken.compareAndSet(false, true)) {
            loop.runOnContext(turn -> {
                woken.set(false);
                List.copyOf(viewers).forEach(Viewer::wake);
            });
        }
    }

    private static Predicate<EventRing.Event> wanted(Parameters parameters) {
        List<String> names = parameters.texts("events", 64);
        for (String name : names) {
            if (!Live.NAMES.contains(name)) {
                throw CairnException.invalid(
                        "events",
                        "events must be among " + String.join(", ", Live.NAMES) + ", not '" + Parameters.shown(name)
                                + "'");
            }
        }
        String project = parameters.text("project", NewMemory.MAX_PROJECT);
        return event -> (names.isEmpty() || names.contains(event.name())) && isOf(event, project);
    }

    /** What is about no project is about every one. */
    private static boolean isOf(EventRing.Event event, @Nullable String project) {
        var about = event.project();
        return project == null
                || about == null
                || about.key().equals(project)
                || about.name().equals(project);
    }
}

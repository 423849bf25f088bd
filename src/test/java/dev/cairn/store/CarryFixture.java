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
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.CommandRun;
import dev.cairn.model.EventKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two stores, and what is carried from one to the other. */
abstract class CarryFixture {
    private static final Imported NOTHING = new Imported(0, 0, 0, 0, 0, 0);

    @TempDir
    Path directory;

    StoreFixture a;
    StoreFixture b;

    @BeforeEach
    void open() {
        a = new StoreFixture(directory.resolve("a"));
        b = new StoreFixture(directory.resolve("b"));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    static ExportQuery all(int limit, @Nullable String cursor) {
        return new ExportQuery(null, null, null, null, limit, cursor);
    }

    static List<String> export(StoreFixture store) {
        return export(store, 1_000);
    }

    static List<String> export(StoreFixture store, int limit) {
        return export(store, all(limit, null));
    }

    static List<String> export(StoreFixture store, ExportQuery query) {
        List<String> lines = new ArrayList<>();
        ExportQuery next = query;
        while (true) {
            ExportPage page = store.ask(Addresses.STORE_EXPORT, next);
            assertThat(page.lines()).hasSizeLessThanOrEqualTo(query.limit());
            lines.addAll(page.lines());
            if (page.next() == null) {
                return lines;
            }
            next = new ExportQuery(
                    query.project(), query.session(), query.from(), query.to(), query.limit(), page.next());
        }
    }

    static Imported take(StoreFixture store, List<String> lines) {
        return take(store, lines, 1_000, false);
    }

    static Imported take(StoreFixture store, List<String> lines, int batch, boolean dryRun) {
        Imported sum = NOTHING;
        for (int i = 0; i < lines.size(); i += batch) {
            List<String> part = lines.subList(i, Math.min(lines.size(), i + batch));
            sum = sum.plus(store.ask(Addresses.STORE_IMPORT, new ImportLines(part, i + 1, dryRun)));
        }
        return sum;
    }

    private static NewObservation observation(TurnWork work, String title, long at) {
        return new NewObservation(
                "bugfix",
                title,
                "sub",
                "narrative \u65e5\u672c \ud83e\udda6 \"quoted\"",
                List.of("a fact", "another"),
                List.of("zoo", "otter"),
                List.of("read.txt"),
                List.of("changed.txt"),
                List.of(new CommandRun("make", null), new CommandRun("make test", "exit code 2")),
                work.fresh(),
                at);
    }

    static void observe(StoreFixture store, String title, long at) {
        TurnWork work = store.claimWork("o");
        store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        "o",
                        work.fresh(),
                        List.of(observation(work, title, at)),
                        new NewSummary(
                                "asked", null, "otters", null, "more", null, List.of(), List.of("shared.txt"), at)));
    }

    /** Everything there is: observed, waiting, claimed, parked and open turns, with and without prompt ids, copies, notes. */
    static void fill(StoreFixture store) {
        store.append(
                PROJECT,
                StoreFixture.event(EventKind.SESSION_START, "s1").at(90),
                prompt("s1", "p1", "ask about otters", 100),
                tool("s1", "p1", "u1", 101),
                tool("s1", "p1", null, 102),
                tool("s1", "p1", null, 102),
                StoreFixture.event(EventKind.SUBAGENT_STOP, "s1")
                        .promptId("p1")
                        .text("the helper is done")
                        .detail("explorer")
                        .at(103),
                stop("s1", "p1", "told", 104));
        observe(store, "otter facts", 105);
        store.append(
                OTHER,
                prompt("s2", null, "no prompt id", 200),
                tool("s2", null, "u2", 201),
                stop("s2", null, "x", 202));
        TurnWork bad = store.claimWork("o");
        store.ask(Addresses.STORE_FAIL, new FailTurn(bad.turnId(), "o", "too long", null));
        store.append(
                PROJECT, prompt("s3", null, "claimed", 300), tool("s3", null, null, 301), stop("s3", null, "y", 302));
        store.claimWork("o");
        store.append(
                PROJECT, prompt("s4", "p4", "pending", 400), tool("s4", "p4", "u4", 401), stop("s4", "p4", "z", 402));
        store.append(
                PROJECT,
                prompt("s1", "p5", "open, and begun in the same moment as the next", 500),
                tool("s1", "p5", "u5", 501));
        store.append(
                PROJECT,
                StoreFixture.event(EventKind.SESSION_END, "s2").detail("exit").at(600));
        store.save(note("by hand"), note("by hand"), note("third"));
        store.save(note("by hand"));
    }
}

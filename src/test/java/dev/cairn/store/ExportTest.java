package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorPending;
import dev.cairn.model.CairnException;
import dev.cairn.model.CommandRun;
import dev.cairn.model.EventKind;
import dev.cairn.model.Observation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTest {
    private static final Imported NOTHING = new Imported(0, 0, 0, 0, 0, 0);

    @TempDir
    Path directory;

    private StoreFixture a;
    private StoreFixture b;

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

    private static ExportQuery all(int limit, @Nullable String cursor) {
        return new ExportQuery(null, null, null, null, limit, cursor);
    }

    private static List<String> export(StoreFixture store) {
        return export(store, 1_000);
    }

    private static List<String> export(StoreFixture store, int limit) {
        return export(store, all(limit, null));
    }

    private static List<String> export(StoreFixture store, ExportQuery query) {
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

    private static Imported take(StoreFixture store, List<String> lines) {
        return take(store, lines, 1_000, false);
    }

    private static Imported take(StoreFixture store, List<String> lines, int batch, boolean dryRun) {
        Imported sum = NOTHING;
        for (int i = 0; i < lines.size(); i += batch) {
            List<String> part = lines.subList(i, Math.min(lines.size(), i + batch));
            sum = sum.plus(store.ask(Addresses.STORE_IMPORT, new ImportLines(part, i + 1, dryRun)));
        }
        return sum;
    }

    private static CairnException refusal(StoreFixture store, int firstLine, String... lines) {
        return store.refusal(Addresses.STORE_IMPORT, new ImportLines(List.of(lines), firstLine, false));
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

    private static void observe(StoreFixture store, String title, long at) {
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
    private static void fill(StoreFixture store) {
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

    @Test
    void theRoundTripIsTheIdentity() {
        fill(a);
        List<String> lines = export(a);
        assertThat(lines).hasSizeGreaterThan(30);
        Imported taken = take(b, lines);
        assertThat(taken.sessions()).isEqualTo(4);
        assertThat(taken.present()).isZero();
        assertThat(export(b)).isEqualTo(lines);
        assertThat(b.number("SELECT count(*) FROM memory_fts")).isEqualTo(b.number("SELECT count(*) FROM memory"));
        assertThat(b.found("otter")).isEqualTo(a.found("otter")).isNotEmpty();
        assertThat(b.search("otter").coverage().total())
                .isEqualTo(a.search("otter").coverage().total());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void pagesAndBatchesOfAnySizeMakeTheSame(int size) {
        fill(a);
        List<String> lines = export(a, size);
        assertThat(lines).isEqualTo(export(a));
        assertThat(take(b, lines, size, false).present()).isZero();
        assertThat(export(b, size)).isEqualTo(lines);
    }

    @Test
    void theSameFileTwiceChangesNothing() {
        fill(a);
        List<String> lines = export(a);
        Imported first = take(b, lines);
        Imported again = take(b, lines);
        int all = first.sessions() + first.prompts() + first.toolUses() + first.observations() + first.summaries();
        assertThat(again).isEqualTo(new Imported(0, 0, 0, 0, 0, all));
        assertThat(export(b)).isEqualTo(lines);
        // Into the very database it came from, whose sessions go on.
        assertThat(take(a, lines)).isEqualTo(new Imported(0, 0, 0, 0, 0, all));
        assertThat(export(a)).isEqualTo(lines);
        assertThat(a.number("SELECT count(*) FROM turn WHERE state = 'open'")).isEqualTo(1);
    }

    @Test
    void intoADatabaseWithOtherDataBothAreKept() {
        fill(a);
        List<String> lines = export(a);
        b.append(
                OTHER,
                prompt("other", "q1", "walrus", 10),
                tool("other", "q1", "v1", 11),
                stop("other", "q1", "w", 12));
        observe(b, "walrus facts", 13);
        List<Long> own = b.save(note("mine"), note("by hand"));
        long ownRows = b.number("SELECT count(*) FROM memory");
        List<String> before = export(b);

        Imported taken = take(b, lines);
        assertThat(b.number("SELECT count(*) FROM memory"))
                .isEqualTo(ownRows + taken.prompts() + taken.observations() + taken.summaries());
        assertThat(export(b)).containsAll(before.subList(0, before.size() - 1));
        assertThat(b.search("mine").rows()).extracting("id").containsExactly(own.get(0));
        // The tool uses of the imported observation follow it to its new id.
        assertThat(b.text("SELECT group_concat(o.title) FROM tool_use u JOIN memory o ON o.id = u.observation_id"
                        + " JOIN session s ON s.id = u.session_id WHERE s.session_id = 's1'"))
                .isEqualTo("otter facts,otter facts,otter facts");
        assertThat(b.text("SELECT min(s.session_id) FROM tool_use u JOIN memory o ON o.id = u.observation_id"
                        + " JOIN session s ON s.id = o.session_id WHERE o.title = 'walrus facts'"))
                .isEqualTo("other");
        Imported again = take(b, lines, 3, false);
        assertThat(again.present()).isEqualTo(taken.present() + sum(taken));
        assertThat(sum(again)).isZero();
        assertThat(b.number("PRAGMA foreign_key_check")).isZero();
    }

    private static int sum(Imported taken) {
        return taken.sessions() + taken.prompts() + taken.toolUses() + taken.observations() + taken.summaries();
    }

    @Test
    void turnsOfOneSessionInBothAreNotMixedUp() {
        a.append(prompt("s", null, "first of a", 100), tool("s", null, "x1", 101), stop("s", null, "x", 102));
        b.append(prompt("s", null, "first of b", 150), tool("s", null, "y1", 151), stop("s", null, "y", 152));
        List<String> lines = export(a);
        assertThat(take(b, lines)).isEqualTo(new Imported(0, 1, 1, 0, 0, 1));
        assertThat(b.number("SELECT count(*) FROM turn")).isEqualTo(2);
        assertThat(b.number(
                        "SELECT t.number FROM turn t JOIN tool_use u ON u.turn_id = t.id WHERE u.tool_use_id = 'x1'"))
                .isEqualTo(2);
        assertThat(sum(take(b, lines))).isZero();
        assertThat(b.number("SELECT count(*) FROM turn")).isEqualTo(2);
    }

    @Test
    void whatWasNotObservedIsObservedWhenTheExportIsComplete() {
        fill(a);
        List<String> lines = export(a);
        List<TurnReady> ready = b.listen(Addresses.EVENT_TURN_READY);
        List<Observation> told = b.listen(Addresses.EVENT_OBSERVATION);
        List<Imported> imports = b.listen(Addresses.EVENT_IMPORTED);
        List<String> open = lines.subList(0, lines.size() - 1);
        take(b, open);
        assertThat(b.claim("o", 1_000_000).work()).as("before the last line").isNull();
        b.ask(Addresses.STORE_CLOSE_IDLE, new CloseIdleTurns(Long.MAX_VALUE));
        assertThat(b.claim("o", 1_000_000).work()).as("while lines are awaited").isNull();
        b.ask(
                Addresses.STORE_IMPORT,
                new ImportLines(lines.subList(lines.size() - 1, lines.size()), lines.size(), false));
        List<String> sessions = new ArrayList<>();
        for (TurnWork work = b.claim("o", 1_000_000).work();
                work != null;
                work = b.claim("o", 1_000_000).work()) {
            assertThat(work.fresh()).hasSize(1);
            sessions.add(work.sessionId());
            b.ask(Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(), null));
        }
        assertThat(sessions).containsExactly("s1", "s3", "s4");
        assertThat(ready).hasSize(3);
        assertThat(told).as("the past is no news").isEmpty();
        assertThat(imports).hasSize(2);
        assertThat(b.number("SELECT count(*) FROM turn WHERE state = 'parked' AND last_error = 'too long'"))
                .isEqualTo(1);
    }

    @Test
    void anImportThatBrokeOffIsHandedOutByTheNextStart() {
        fill(a);
        List<String> lines = export(a);
        take(b, lines.subList(0, lines.size() - 1));
        b.reopen();
        assertThat(b.claim("o", 1_000_000).work()).isNotNull();
    }

    @Test
    void whatIsForgottenOrAddedWhileAnExportGoesOnIsNotInIt() {
        fill(a);
        a.append(PROJECT, prompt("secret", "ps", "zebra secret", 700), tool("secret", "ps", "us", 701));
        List<String> before = export(a);
        ExportPage first = a.ask(Addresses.STORE_EXPORT, all(3, null));
        a.ask(Addresses.STORE_FORGET, new Forget(List.of(), null, null, "secret", null, null, null, false));
        a.append(PROJECT, prompt("later", "pl", "came later", 800), tool("later", "pl", "ul", 801));
        a.save(note("came later too"));
        List<String> rest = new ArrayList<>(first.lines());
        rest.addAll(export(a, all(3, first.next())));
        assertThat(String.join("\n", rest)).doesNotContain("zebra").doesNotContain("came later");
        List<String> expected = new ArrayList<>(before);
        expected.removeIf(line -> line.contains("\"secret\""));
        assertThat(rest).isEqualTo(expected);
        assertThat(take(b, rest).present()).isZero();
    }

    @Test
    void whatIsObservedWhileAnExportGoesOnWaitsInIt() {
        a.append(prompt("s", "p", "ask", 100), tool("s", "p", "u", 101), stop("s", "p", "x", 102));
        ExportPage first = a.ask(Addresses.STORE_EXPORT, all(3, null));
        observe(a, "seen meanwhile", 103);
        List<String> lines = new ArrayList<>(first.lines());
        lines.addAll(export(a, all(3, first.next())));
        take(b, lines);
        assertThat(b.claimWork("o").fresh()).hasSize(1);
        assertThat(b.found("meanwhile")).isEmpty();
    }

    @Test
    void aPartIsCompleteInItself() {
        fill(a);
        for (ExportQuery part : List.of(
                new ExportQuery(OTHER.name(), null, null, null, 4, null),
                new ExportQuery(null, "s1", null, null, 4, null),
                new ExportQuery(null, null, 102L, 201L, 4, null),
                new ExportQuery("nobody", null, null, null, 4, null))) {
            List<String> lines = export(a, part);
            try (StoreFixture empty = new StoreFixture(directory.resolve("part" + lines.hashCode()))) {
                take(empty, lines);
                assertThat(export(empty)).as("%s", part).isEqualTo(lines);
            }
        }
        assertThat(export(a, new ExportQuery(null, "s1", null, null, 9, null)))
                .noneMatch(line -> line.contains("\"s2\""));
    }

    @Test
    void aDryRunCountsAndChangesNothing() {
        fill(a);
        List<String> lines = export(a);
        Imported planned = take(b, lines, 5, true);
        assertThat(b.number("SELECT count(*) FROM session")).isZero();
        assertThat(take(b, lines)).isEqualTo(planned);
        assertThat(sum(take(b, lines, 5, true))).isZero();
    }

    @Test
    void idsThatWereForgottenAreNotGivenAgain() {
        a.save(note("one"), note("two"));
        List<String> lines = export(a);
        a.ask(Addresses.STORE_FORGET, new Forget(List.of(1L), null, null, null, null, null, null, false));
        assertThat(take(a, lines)).isEqualTo(new Imported(0, 0, 0, 1, 0, 1));
        assertThat(a.found("one")).containsExactly(3L);
        // A file cannot use up the ids there are.
        String huge =
                lines.get(1).replace("\"id\":1,", "\"id\":9223372036854775807,").replace("one", "huge");
        take(a, List.of(lines.get(0), huge));
        assertThat(a.save(note("after"))).containsExactly(5L);
    }

    @Test
    void theLaterSummaryOfATurnStays() {
        a.append(prompt("s", "p", "ask", 100), stop("s", "p", "x", 102));
        observeWords(a, "early words", 103);
        List<String> early = export(a);
        a.append(stop("s", "p", "y", 110));
        observeWords(a, "late words", 120);
        List<String> late = export(a);
        take(b, early);
        assertThat(take(b, late).summaries()).isEqualTo(1);
        assertThat(b.found("late")).hasSize(1);
        assertThat(take(b, early).summaries()).isZero();
        assertThat(b.found("early")).isEmpty();
    }

    private static void observeWords(StoreFixture store, String words, long at) {
        TurnWork work = store.claimWork("o");
        NewSummary summary = new NewSummary(words, null, null, null, null, null, List.of(), List.of(), at);
        store.ask(Addresses.STORE_COMPLETE, new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(), summary));
    }

    @Test
    void whatIsImportedIsHandedToTheVectorIndex() {
        a.save(note("one"), note("two"));
        b.save(note("own"));
        VectorBatch own = b.ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 10));
        take(b, export(a));
        assertThat(b.ask(
                                Addresses.STORE_VECTOR_PENDING,
                                new VectorPending(own.documents().get(0).id(), 10))
                        .documents())
                .hasSize(2);
    }

    @Test
    void aBadLineIsNamedAndNothingOfItsBatchIsKept() {
        fill(a);
        List<String> lines = new ArrayList<>(export(a));
        String header = lines.get(0);
        lines.set(7, "{\"record\":\"prompt\"}");
        CairnException refused = b.refusal(Addresses.STORE_IMPORT, new ImportLines(lines, 1, false));
        assertThat(refused.field()).isEqualTo("lines[7].id");
        assertThat(refused).hasMessageContaining("line 8").hasMessageContaining("missing");
        assertThat(b.number("SELECT count(*) FROM session")).isZero();

        assertThat(refusal(b, 1, lines.get(1)).field()).isEqualTo("lines[0]");
        assertThat(refusal(b, 1, lines.get(1))).hasMessageContaining("no export");
        assertThat(refusal(b, 1, "{\"cairn\":\"export\",\"version\":2}"))
                .hasMessageContaining("version 2")
                .extracting(CairnException::field)
                .isEqualTo("lines[0].version");
        assertThat(refusal(b, 5, "not json")).hasMessageContaining("line 5: not valid JSON");
        assertThat(refusal(b, 5, "[1]")).hasMessageContaining("JSON object");
        assertThat(refusal(b, 1, header, "{\"record\":\"spell\"}").field()).isEqualTo("lines[1].record");
        String orphan = lines.stream()
                .filter(line -> line.startsWith("{\"record\":\"turn\""))
                .findFirst()
                .orElseThrow();
        assertThat(refusal(b, 9, orphan)).hasMessageContaining("import the lines before");
        assertThat(b.refusal(Addresses.STORE_IMPORT, new ImportLines(List.of(), 1, false))
                        .field())
                .isEqualTo("lines");
        assertThat(b.refusal(Addresses.STORE_IMPORT, new ImportLines(List.of("{}"), 0, false))
                        .field())
                .isEqualTo("firstLine");
        assertThat(a.refusal(Addresses.STORE_EXPORT, all(0, null)).field()).isEqualTo("limit");
        assertThat(a.refusal(Addresses.STORE_EXPORT, all(5, "9-9")).field()).isEqualTo("cursor");
        assertThat(a.refusal(Addresses.STORE_EXPORT, new ExportQuery(null, null, 2L, 1L, 5, null))
                        .field())
                .isEqualTo("from");
    }

    @Test
    void newerFieldsArePassedOver() {
        a.save(note("one"));
        List<String> lines = export(a).stream()
                .map(line -> line.replace("{\"", "{\"newer\":{\"x\":[1]},\""))
                .toList();
        assertThat(sum(take(b, lines))).isEqualTo(1);
        assertThat(export(b)).isEqualTo(export(a));
    }

    @Test
    void aPageOfLongRowsIsCutBySize() {
        String long1 = "x".repeat(60_000);
        NewMemory[] many = Collections.nCopies(60, note(long1)).toArray(NewMemory[]::new);
        a.save(many);
        ExportPage page = a.ask(Addresses.STORE_EXPORT, all(1_000, null));
        assertThat(page.lines()).hasSizeBetween(10, 25);
        List<String> lines = export(a);
        assertThat(lines).hasSize(62);
        take(b, lines);
        assertThat(export(b)).isEqualTo(lines);
    }
}

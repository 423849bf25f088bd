package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.note;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static dev.cairn.store.StoreFixture.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnReady;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorPending;
import dev.cairn.model.CairnException;
import dev.cairn.model.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportTest extends CarryFixture {
    private static CairnException refusal(StoreFixture store, int firstLine, String... lines) {
        return store.refusal(Addresses.STORE_IMPORT, new ImportLines(List.of(lines), firstLine, false));
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
}

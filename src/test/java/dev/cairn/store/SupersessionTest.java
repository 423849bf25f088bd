package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.PROJECT;
import static dev.cairn.store.StoreFixture.prompt;
import static dev.cairn.store.StoreFixture.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Forget;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.What;
import dev.cairn.model.CairnException;
import dev.cairn.model.Correction;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupersessionTest {
    private static final String TITLE = "Port of the broker";

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

    private static NewMemory memory(
            Project project, @Nullable String title, String text, @Nullable Long at, Long... supersedes) {
        return new NewMemory(text, title, null, project.key(), List.of(), List.of(), at, null, List.of(supersedes));
    }

    private long save(@Nullable String title, String text, Long... supersedes) {
        return save(memory(PROJECT, title, text, null, supersedes));
    }

    private long save(NewMemory memory) {
        return store.save(memory).get(0);
    }

    private @Nullable Correction correction(long id) {
        return correction(store, id);
    }

    private static @Nullable Correction correction(StoreFixture store, long id) {
        return store.ask(Addresses.STORE_FETCH, new Fetch(What.OBSERVATIONS, List.of(id)))
                .observations()
                .get(0)
                .supersededBy();
    }

    private @Nullable Long corrector(long id) {
        return corrector(store, id);
    }

    private static @Nullable Long corrector(StoreFixture store, long id) {
        Correction by = correction(store, id);
        return by == null ? null : (Long) by.id();
    }

    private void forget(long... ids) {
        List<Long> list = Arrays.stream(ids).boxed().toList();
        store.ask(Addresses.STORE_FORGET, new Forget(list, null, null, null, null, null, null, false));
    }

    @Test
    void whatIsCorrectedIsFoundTogetherWithItsCorrection() {
        long earlier = save("Queue limit", "The queue holds 100 walrus events");
        long later = save(memory(PROJECT, null, "It holds 500. Measured.", 5_000L, earlier));

        Correction shown = new Correction(later, "It holds 500.", 5_000);
        assertThat(store.search("walrus").rows()).singleElement().satisfies(row -> {
            assertThat(row.id()).isEqualTo(earlier);
            assertThat(row.supersededBy()).isEqualTo(shown);
            assertThat(row.scored(7).supersededBy()).isEqualTo(shown);
        });
        assertThat(correction(earlier)).isEqualTo(shown);
        assertThat(correction(later)).isNull();
        assertThat(store.search("measured").rows().get(0).supersededBy()).isNull();
    }

    @Test
    void aChainIsFollowedToItsEnd() {
        long a = save(null, "one");
        long b = save(null, "two", a);
        long c = save(null, "three", b);

        assertThat(corrector(a)).isEqualTo(c);
        assertThat(corrector(b)).isEqualTo(c);
        assertThat(corrector(c)).isNull();
    }

    @Test
    void oneCorrectsSeveralAndOfSeveralCorrectionsTheLastCounts() {
        long a = save(null, "one");
        long b = save(memory(OTHER, null, "two", null));
        long first = save(null, "three", a, b, a);
        long second = save(null, "four", b);

        assertThat(corrector(a)).isEqualTo(first);
        assertThat(corrector(b)).isEqualTo(second);
        assertThat(corrector(first)).isNull();
    }

    @Test
    void whatIsNoObservationIsRefusedAndNothingIsSaved() {
        long known = save(null, "walrus");
        store.append(prompt("s", "p", "a prompt", 10));
        long prompt = store.number("SELECT id FROM memory WHERE kind = 3");

        for (long id : new long[] {99, prompt, 0, -1}) {
            CairnException refusal = store.refusal(
                    Addresses.STORE_SAVE,
                    new SaveMemories(
                            List.of(
                                    memory(PROJECT, null, "walrus two", null),
                                    memory(PROJECT, null, "walrus three", null, known, id)),
                            "api"));
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(refusal.field()).isEqualTo("memories[1].supersedes");
            assertThat(refusal).hasMessageContaining("the id " + id);
        }
        assertThat(store.found("walrus")).containsExactly(known);
        assertThat(corrector(known)).isNull();
    }

    @Test
    void thereIsALimitToHowManyOneCorrects() {
        Long[] ids = new Long[21];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = save(null, "note " + i);
        }
        CairnException refusal = store.refusal(
                Addresses.STORE_SAVE, new SaveMemories(List.of(memory(PROJECT, null, "all", null, ids)), "api"));
        assertThat(refusal.field()).isEqualTo("memories[0].supersedes");

        long later = save(null, "most", Arrays.copyOf(ids, 20));
        assertThat(corrector(ids[19])).isEqualTo(later);
        assertThat(corrector(ids[20])).isNull();
    }

    @ParameterizedTest
    @CsvSource({"Port of the broker", "'  port OF  the\tbroker '", "portofthebroker"})
    void aNoteCorrectsTheNewestOfItsTitle(String title) {
        long a = save(TITLE, "It is 5672.");
        long b = save(TITLE, "It is 5673.");
        long c = save(title, "It is 5674.");

        assertThat(store.number("SELECT later FROM supersession WHERE earlier = " + a))
                .isEqualTo(b);
        assertThat(store.number("SELECT later FROM supersession WHERE earlier = " + b))
                .isEqualTo(c);
        assertThat(corrector(a)).isEqualTo(c);
    }

    @Test
    void otherTitlesOtherProjectsAndNoTitlesCorrectNothing() {
        save(TITLE, "It is 5672.");
        save(TITLE + "s", "They are many.");
        save(memory(OTHER, TITLE, "It is 1.", null));
        save(null, "Port of the broker");
        save(null, "Port of the broker");
        save("[private]", "one");
        save("[private]", "two");
        save("Key [secret:jwt]", "one");
        save("Key [secret:jwt]", "two");
        save(" ", "Port of the broker");
        save(" ", "Port of the broker");

        assertThat(store.number("SELECT count(*) FROM supersession")).isZero();
    }

    @Test
    void whatIsSavedTogetherOrSaidInASessionOrIsOlderCorrectsNothingByItsTitle() {
        store.save(memory(PROJECT, TITLE, "one", 1_000L), memory(PROJECT, TITLE, "two", 1_000L));
        NewMemory said = new NewMemory("three", TITLE, null, PROJECT.key(), List.of(), List.of(), 2_000L, "s-1");
        store.save(said);
        store.save(said);
        save(memory(PROJECT, TITLE, "what was true before", 500L));

        assertThat(store.number("SELECT count(*) FROM supersession")).isZero();
    }

    @Test
    void idsThatAreGivenCountInsteadOfTheTitle() {
        long a = save(TITLE, "one");
        long b = save("Other", "two");
        long c = save(TITLE, "three", b);
        assertThat(corrector(a)).isNull();
        assertThat(corrector(b)).isEqualTo(c);

        long named = save("Another", "four", c);
        save(TITLE, "five");
        assertThat(corrector(c)).isEqualTo(named);
    }

    @Test
    void observersTitlesTellNothing() {
        save("Changed pom.xml", "by hand");
        for (int i = 1; i <= 2; i++) {
            store.append(prompt("s", "p" + i, "edit it", 10 * i));
            store.append(stop("s", "p" + i, "done", 10 * i + 1));
            TurnWork work = store.claimWork("o");
            store.ask(
                    Addresses.STORE_COMPLETE,
                    new CompleteTurn(work.turnId(), "o", work.fresh(), List.of(observation(10 * i)), null));
        }
        assertThat(store.number("SELECT count(*) FROM memory WHERE title = 'Changed pom.xml'"))
                .isEqualTo(3);
        save("Changed pom.xml", "by hand again");

        assertThat(store.number("SELECT count(*) FROM supersession")).isEqualTo(1);
        assertThat(corrector(store.number("SELECT min(id) FROM memory"))).isNotNull();
    }

    private static NewObservation observation(long at) {
        return new NewObservation(
                "change",
                "Changed pom.xml",
                null,
                "The agent changed it.",
                List.of(),
                List.of(),
                List.of(),
                List.of("pom.xml"),
                List.of(),
                List.of(),
                at);
    }

    @Test
    void whatIsForgottenLeavesNothingAndTheChainHolds() {
        long a = save(null, "one");
        long b = save(null, "two", a);
        long c = save(null, "three", b);
        long d = save(null, "four", c);

        forget(b, c);
        assertThat(corrector(a)).isEqualTo(d);
        assertThat(store.number("SELECT count(*) FROM supersession")).isEqualTo(1);
        forget(d);
        assertThat(corrector(a)).isNull();
        assertThat(store.number("SELECT count(*) FROM supersession")).isZero();
        long e = save(null, "five", a);
        forget(a);
        assertThat(corrector(e)).isNull();
        assertThat(store.number("SELECT count(*) FROM supersession")).isZero();
    }

    @Test
    void whatRetentionForgetsLeavesNothing() {
        long day = 86_400_000L;
        long now = 100 * day;
        long old = save(memory(PROJECT, TITLE, "old", now - 20 * day));
        long kept = save(memory(PROJECT, TITLE, "new", now - day));
        assertThat(corrector(old)).isEqualTo(kept);
        store.close();
        JsonObject config = new JsonObject().put("retention", new JsonObject().put("days", 10));
        store = new StoreFixture(directory.resolve("a"), config, () -> now);

        StoreFixture.until("the old one is gone", () -> store.number("SELECT count(*) FROM memory") == 1);
        assertThat(store.number("SELECT count(*) FROM supersession")).isZero();
    }

    private static List<String> export(StoreFixture from, @Nullable String project) {
        List<String> lines = new ArrayList<>();
        String cursor = null;
        do {
            ExportPage page = from.ask(Addresses.STORE_EXPORT, new ExportQuery(project, null, null, null, 3, cursor));
            lines.addAll(page.lines());
            cursor = page.next();
        } while (cursor != null);
        return lines;
    }

    private static void take(StoreFixture to, List<String> lines) {
        for (int i = 0; i < lines.size(); i += 2) {
            to.ask(
                    Addresses.STORE_IMPORT,
                    new ImportLines(lines.subList(i, Math.min(lines.size(), i + 2)), i + 1, false));
        }
    }

    /** Two that only their texts tell apart are corrected by two others. */
    private long[] twins() {
        List<Long> twins = store.save(
                memory(PROJECT, null, "The mast is high", 1_000L), memory(PROJECT, null, "The mast is low", 1_000L));
        long high = save(memory(PROJECT, "Mast", "High is 30 m", 2_000L, twins.get(0)));
        long low = save(memory(PROJECT, "Keel", "Low is 10 m", 3_000L, twins.get(1)));
        return new long[] {twins.get(0), twins.get(1), high, low};
    }

    @Test
    void theRoundTripOfAnExportKeepsWhatCorrectsWhat() {
        long[] ids = twins();
        save(null, "Higher still", ids[2]);
        List<String> lines = export(store, null);
        try (StoreFixture other = new StoreFixture(directory.resolve("b"))) {
            take(other, lines);
            assertThat(export(other, null)).isEqualTo(lines);
            take(other, lines);
            assertThat(export(other, null)).isEqualTo(lines);
            assertThat(corrector(other, ids[0])).isEqualTo(corrector(ids[0])).isNotNull();
        }
    }

    @Test
    void amongOtherMemoriesTheRightOnesAreCorrected() {
        twins();
        List<String> lines = export(store, null);
        try (StoreFixture other = new StoreFixture(directory.resolve("b"))) {
            other.save(memory(OTHER, null, "a", 1L), memory(OTHER, null, "b", 1L), memory(OTHER, null, "c", 1L));
            take(other, lines);

            assertThat(other.search("mast").rows())
                    .filteredOn(row -> row.supersededBy() != null)
                    .extracting(row -> row.body() + " -> "
                            + String.valueOf(row.supersededBy()).replaceAll("id=\\d+, ", ""))
                    .containsExactlyInAnyOrder(
                            "The mast is high -> Correction[title=Mast, createdAt=2000]",
                            "The mast is low -> Correction[title=Keel, createdAt=3000]");
        }
    }

    @Test
    void memoriesThatAreThereAlreadyAreTiedByALaterImport() {
        twins();
        List<String> lines = export(store, null);
        List<String> untied = lines.stream()
                .map(line -> line.replaceAll(",\"supersedes\":\\[.*?]", ""))
                .toList();
        assertThat(untied).isNotEqualTo(lines);
        try (StoreFixture other = new StoreFixture(directory.resolve("b"))) {
            take(other, untied);
            assertThat(export(other, null)).isEqualTo(untied);
            take(other, lines);
            assertThat(export(other, null)).isEqualTo(lines);
        }
    }

    @Test
    void anExportOfAPartRefersToNothingOutside() {
        long there = save(memory(OTHER, null, "elsewhere", 1L));
        long here = save(memory(PROJECT, null, "here", 2L));
        save(memory(PROJECT, null, "both corrected", 3L, there, here));

        assertThat(export(store, PROJECT.key()))
                .filteredOn(line -> line.contains("supersedes"))
                .singleElement()
                .asString()
                .contains("\"id\":" + here)
                .doesNotContain(OTHER.key());
    }

    @Test
    void theSameTitleIsFoundByItsIndex() {
        List<String> plan = new ArrayList<>();
        try (var connection = store.connect();
                var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + Supersession.SAME_TITLE)) {
            statement.setLong(1, 1);
            statement.setString(2, TITLE);
            statement.setLong(3, 9);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString("detail"));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        assertThat(plan).singleElement().asString().contains("memory_saved_title (project_id=? AND <expr>=?");
    }
}

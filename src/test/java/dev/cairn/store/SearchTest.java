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
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
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

    /** A query with what a test cares about. */
    private static final class Query {
        private @Nullable String text;
        private List<Kind> kinds = List.of();
        private List<String> types = List.of();
        private List<String> concepts = List.of();
        private @Nullable String file;
        private @Nullable String project;
        private @Nullable String platform;
        private @Nullable String session;
        private @Nullable Long from;
        private @Nullable Long to;
        private int limit = 20;
        private int offset;
        private SearchOrder order = SearchOrder.RELEVANCE;

        Query(@Nullable String text) {
            this.text = text;
        }

        SearchQuery build() {
            return new SearchQuery(
                    text, kinds, types, concepts, file, project, platform, session, from, to, limit, offset, order,
                    false);
        }
    }

    private List<Long> ids(Query query) {
        return store.search(query.build()).rows().stream().map(MemoryRow::id).toList();
    }

    private static NewMemory memory(String text, String type, Project project, long at, String... files) {
        return new NewMemory(text, null, type, project.key(), List.of(), List.of(files), at);
    }

    @Test
    void aSmallProjectIsFilteredInTheIndexAndALargeOneByItsRowsAlike() {
        List<Long> large = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            large.addAll(
                    store.save(new NewMemory("granite " + i, null, "note", "large", List.of(), List.of(), 1L + i)));
        }
        List<Long> small = store.save(
                new NewMemory("granite small", null, "decision", "small", List.of(), List.of(), 99L),
                new NewMemory("granite other", null, "note", "small", List.of(), List.of(), 98L));
        assertThat(ids("large", List.of())).containsExactlyInAnyOrderElementsOf(large);
        assertThat(ids("small", List.of())).containsExactlyInAnyOrderElementsOf(small);
        assertThat(ids("small", List.of("decision"))).containsExactly(small.get(0));
        assertThat(ids("large", List.of("decision"))).isEmpty();
    }

    private List<Long> ids(String project, List<String> types) {
        return store
                .search(new SearchQuery(
                        "granite",
                        List.of(Kind.OBSERVATION),
                        types,
                        List.of(),
                        null,
                        project,
                        null,
                        null,
                        null,
                        null,
                        50,
                        0,
                        SearchOrder.RELEVANCE,
                        false))
                .rows()
                .stream()
                .map(row -> row.id())
                .toList();
    }

    @Test
    void wordsAreOredStemmedAndRanked() {
        List<Long> ids = store.save(
                note("Migrations run in one transaction"),
                note("The migration of the schema is versioned, and a migrated file is kept"),
                note("Something else entirely"));
        assertThat(store.found("migrating schemas")).containsExactly(ids.get(1), ids.get(0));
        assertThat(store.found("TRANSACTIONS")).containsExactly(ids.get(0));
        assertThat(store.found("migrat*")).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
        assertThat(store.found("\"one transaction\"")).containsExactly(ids.get(0));
        assertThat(store.found("\"transaction one\"")).isEmpty();
        assertThat(store.found("what is the")).as("only stop words").containsExactlyInAnyOrder(ids.get(1));
        assertThat(store.found("zebra")).isEmpty();
    }

    @Test
    void equalMatchesComeNewestFirstAndScoresFall() {
        List<Long> ids = store.save(note("alpha beta"), note("alpha beta"), note("alpha beta"), note("alpha alpha"));
        MemoryRows found = store.search("beta alpha");
        assertThat(found.rows())
                .extracting(MemoryRow::id)
                .containsExactly(ids.get(2), ids.get(1), ids.get(0), ids.get(3));
        assertThat(found.rows()).extracting(MemoryRow::score).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(found.rows().get(0).score()).isPositive();
        assertThat(found.total()).isEqualTo(4);
        assertThat(found.coverage()).isEqualTo(new Coverage(4, 4));
    }

    @Test
    void aTitleWeighsMoreThanABody() {
        List<Long> ids = store.save(
                note("one two three four walrus"),
                new NewMemory("one two three four five", "walrus", null, "k", List.of(), List.of(), null));
        assertThat(store.found("walrus")).containsExactly(ids.get(1), ids.get(0));
    }

    @Test
    void aTitleMadeFromTheTextIsNotCountedTwice() {
        List<Long> derived = store.save(note("The walrus was here."));
        List<Long> given = store.save(new NewMemory(
                "The walrus was here.", "The walrus was here.", null, PROJECT.key(), List.of(), List.of(), null));
        List<MemoryRow> rows = store.search("walrus").rows();
        assertThat(rows).extracting(MemoryRow::title).containsOnly("The walrus was here.");
        assertThat(rows).extracting(MemoryRow::id).containsExactly(given.get(0), derived.get(0));
        assertThat(rows.get(0).score()).isGreaterThan(rows.get(1).score());
    }

    @ParameterizedTest(name = "[{index}] {0} finds {1}")
    @DisplayName("G4: Chinese, Japanese and Korean are found by phrase and by word")
    @CsvSource({
        "数据库, 我们把数据库迁移到了新的服务器。",
        "迁移, 我们把数据库迁移到了新的服务器。",
        "新服务器, 我们把数据库迁移到了新的服务器。",
        "\"数据库迁移\", 我们把数据库迁移到了新的服务器。",
        "データベース, 設定ファイルはデータベースに保存されます。",
        "設定, 設定ファイルはデータベースに保存されます。",
        "ﾌｧｲﾙ, 設定ファイルはデータベースに保存されます。",
        "메모리, 에이전트의 메모리를 검색합니다.",
        "검색, 에이전트의 메모리를 검색합니다.",
        "SQLite数据库, 我们把数据库迁移到了新的服务器。",
        "猫, 吾輩は猫である",
        "𠮷野家, 昼は𠮷野家へ",
    })
    void cjkIsFound(String query, String text) {
        List<Long> ids = store.save(note(text), note("an English sentence about nothing"), note("全然違う話"));
        assertThat(store.found(query)).startsWith(ids.get(0)).doesNotContain(ids.get(1));
    }

    @Test
    @DisplayName("G4: a phrase of Chinese is not found where its characters only happen to be")
    void cjkPhraseIsExact() {
        List<Long> ids = store.save(note("据说数字库存"), note("数据库"));
        assertThat(store.found("\"数据库\"")).containsExactly(ids.get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FooBar.java", "ERR_123", "--dry-run", "src/api/v2/handler.py", "\"dry-run\"", "err_1*"})
    void identifiersAreFoundWhole(String query) {
        List<Long> ids = store.save(
                note("java has a bar, foo, dry 123 run of api py"),
                note("FooBar.java fails with ERR_123 under --dry-run at src/api/v2/handler.py"));
        assertThat(store.found(query)).startsWith(ids.get(1));
    }

    @Test
    void accentsDoNotMatter() {
        List<Long> ids = store.save(note("Die Größe der naïve Café-Liste"));
        for (String word : List.of("größe", "GRÖẞE", "große", "naive", "cafe", "liste")) {
            assertThat(store.found(word)).as(word).isEqualTo(ids);
        }
        assertThat(store.found("cafe\u0301")).isEqualTo(ids);
    }

    @Test
    void wordsOfTheIndexItselfFindNothing() {
        store.save(note("hello"));
        assertThat(store.found("p1 k1 scope t6e6f74650")).isEmpty();
        assertThat(store.found("k*")).isEmpty();
    }

    @Test
    @DisplayName("F3: filters by project, kind, type, time, file and platform, with and without words")
    void filtersCut() {
        List<Long> ids = store.save(
                memory("walrus one", "bugfix", PROJECT, 100, "src/main/App.java"),
                memory("walrus two", "decision", PROJECT, 200, "docs/readme.md", "src/main/App.java"),
                memory("walrus three", "bugfix", OTHER, 300, "lib/app.py"));
        store.append(OTHER, prompt("s9", "p1", "walrus four?", 400));
        long asked = store.found("four").get(0);
        for (String text : new String[] {"walrus", null, " "}) {
            Query query = new Query(text);
            assertThat(ids(query)).containsExactlyInAnyOrder(ids.get(0), ids.get(1), ids.get(2), asked);
            query.project = PROJECT.key();
            assertThat(ids(query)).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
            query.project = "cairn";
            assertThat(ids(query)).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
            query.types = List.of("decision", "feature");
            assertThat(ids(query)).containsExactly(ids.get(1));
            query.project = "nobody";
            assertThat(ids(query)).isEmpty();

            query = new Query(text);
            query.types = List.of("bugfix");
            assertThat(ids(query)).containsExactlyInAnyOrder(ids.get(0), ids.get(2));
            query.from = 100L;
            query.to = 299L;
            assertThat(ids(query)).containsExactly(ids.get(0));

            query = new Query(text);
            query.kinds = List.of(Kind.PROMPT);
            assertThat(ids(query)).containsExactly(asked);
            query.kinds = List.of(Kind.PROMPT, Kind.SUMMARY, Kind.OBSERVATION);
            assertThat(ids(query)).hasSize(4);

            query = new Query(text);
            query.file = "app.";
            assertThat(ids(query)).containsExactlyInAnyOrder(ids.get(0), ids.get(1), ids.get(2));
            query.file = "main/App.java";
            assertThat(ids(query)).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
            query.file = "%";
            assertThat(ids(query)).isEmpty();

            query = new Query(text);
            query.platform = "api";
            assertThat(ids(query)).hasSize(3);
            query.platform = null;
            query.session = "s9";
            assertThat(ids(query)).containsExactly(asked);
            query.session = "s10";
            assertThat(ids(query)).isEmpty();
        }
    }

    @Test
    @DisplayName("F3: filter by concept, and summaries and observations of a turn are found")
    void conceptsAndKinds() {
        store.append(prompt("s1", "p1", "why?", 10), tool("s1", "p1", "u1", 20), stop("s1", "p1", "because", 30));
        TurnWork work = store.claimWork("o");
        CompletedTurn done = store.ask(
                Addresses.STORE_COMPLETE,
                new CompleteTurn(
                        work.turnId(),
                        "o",
                        work.fresh(),
                        List.of(new NewObservation(
                                "discovery",
                                "The walrus sleeps",
                                "at noon",
                                "It was tired.",
                                List.of("fact one"),
                                List.of("How-It-Works"),
                                List.of("zoo/walrus.txt"),
                                List.of(),
                                List.of(),
                                work.fresh(),
                                25)),
                        new NewSummary(
                                "Why does the walrus sleep?",
                                null,
                                "it was tired",
                                null,
                                null,
                                null,
                                List.of(),
                                List.of(),
                                30)));
        Query query = new Query("walrus");
        query.concepts = List.of("how-it-works", "other");
        assertThat(ids(query)).isEqualTo(done.observationIds());
        query = new Query(null);
        query.concepts = List.of("how-it-works");
        assertThat(ids(query)).isEqualTo(done.observationIds());
        MemoryRow summary = store.search("tired").rows().stream()
                .filter(row -> row.kind() == Kind.SUMMARY)
                .findFirst()
                .orElseThrow();
        assertThat(summary.id()).isEqualTo(Objects.requireNonNull(done.summaryId()));
        assertThat(summary.title()).isEqualTo("Why does the walrus sleep?");
        assertThat(summary.body()).isEqualTo("it was tired");
        assertThat(summary.session()).isEqualTo("s1");
        assertThat(store.found("noon")).isEqualTo(done.observationIds());
        assertThat(store.found("\"walrus.txt\"")).isEqualTo(done.observationIds());
    }

    @Test
    void pagesOfHitsHaveOneTotal() {
        NewMemory[] many = new NewMemory[45];
        for (int i = 0; i < many.length; i++) {
            many[i] = memory("walrus " + "x ".repeat(i % 7), "note", PROJECT, 1_000 - i);
        }
        store.save(many);
        for (String text : new String[] {"walrus", null}) {
            for (SearchOrder order : SearchOrder.values()) {
                Query query = new Query(text);
                query.order = order;
                query.limit = 10;
                List<Long> all = new ArrayList<>();
                for (int offset = 0; offset < 60; offset += 10) {
                    query.offset = offset;
                    MemoryRows page = store.search(query.build());
                    assertThat(page.total()).isEqualTo(45);
                    page.rows().forEach(row -> all.add(row.id()));
                }
                assertThat(all).hasSize(45).doesNotHaveDuplicates();
            }
        }
        Query query = new Query("walrus");
        query.order = SearchOrder.OLDEST;
        assertThat(store.search(query.build()).rows())
                .extracting(MemoryRow::createdAt)
                .startsWith(956L, 957L)
                .isSorted();
        query.order = SearchOrder.NEWEST;
        assertThat(store.search(query.build()).rows())
                .extracting(MemoryRow::createdAt)
                .startsWith(1_000L, 999L);
    }

    @Test
    @DisplayName("H7: a query of only signs finds nothing and harms nothing")
    void strangeQueriesAreSafe() {
        store.save(note("hello"));
        for (String text : List.of("\"", "') OR 1=1 --", "* OR *", "NEAR(", "title:", "\u0000", "^", "{x}:")) {
            assertThat(store.search(text).rows()).isEmpty();
        }
        assertThat(store.found("hello' OR")).hasSize(1);
    }
}

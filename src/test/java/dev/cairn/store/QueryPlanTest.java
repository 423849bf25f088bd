package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Fetch;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.What;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every hot query finds its rows by an index, in the index's order. The plans are printed for the reader of a failure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryPlanTest {
    @TempDir
    static Path directory = Path.of("");

    private StoreFixture store;
    private Connection connection;

    @BeforeAll
    void open() throws SQLException {
        store = new StoreFixture(directory);
        connection = store.connect();
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    private List<String> plan(Sql sql) {
        return plan(sql.text(), sql.values().toArray());
    }

    private List<String> plan(String sql, @Nullable Object... values) {
        List<String> plan = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString("detail"));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        System.out.println(String.join("\n", plan) + "\n");
        return plan;
    }

    private static void assertNoScan(List<String> plan) {
        assertThat(plan)
                .noneMatch(step -> step.matches("SCAN (m|u|s|t|memory|tool_use|session|turn|turn_note)\\b.*")
                        && !step.contains("INDEX"));
    }

    private static void assertNoSort(List<String> plan) {
        assertThat(plan).noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    private static MemoryFilter filter(@Nullable List<Long> projects, List<Kind> kinds, List<String> types) {
        return new MemoryFilter(projects, null, kinds, types, List.of(), null, null, null, null);
    }

    private static SearchQuery query(SearchOrder order) {
        return new SearchQuery(
                null, List.of(), List.of(), List.of(), null, null, null, null, null, null, 20, 0, order, false);
    }

    @ParameterizedTest
    @CsvSource({
        "SESSIONS,     ,  ,  , session_by_time",
        "SESSIONS,     1, ,  , session_by_project",
        "SESSIONS,     ,  , p, session_by_platform",
        "OBSERVATIONS, ,  ,  , memory_by_kind",
        "OBSERVATIONS, 1, ,  , memory_by_project_kind",
        "SUMMARIES,    1, , p, memory_by_project_kind",
        "PROMPTS,      , 1,  , memory_by_session",
        "TOOL_USES,    ,  ,  , tool_use_by_time",
        "TOOL_USES,    1, ,  , tool_use_by_project",
        "TOOL_USES,    , 1,  , tool_use_by_session",
        "TOOL_USES,    1, 1, p, tool_use_by_session",
    })
    void pagesFollowAnIndex(
            What what, @Nullable Long project, @Nullable Long session, @Nullable String platform, String index) {
        for (Cursor cursor : new @Nullable Cursor[] {null, new Cursor(5, 5)}) {
            PageQuery page = new PageQuery(what, null, platform, null, 1L, 9L, 20, null);
            List<String> plan = plan(ListReads.pageSql(
                    page,
                    project == null ? null : List.of(project),
                    session == null ? null : List.of(session),
                    cursor));
            assertNoScan(plan);
            assertNoSort(plan);
            assertThat(plan.get(0)).contains(" " + index + " ");
        }
    }

    @Test
    void whatAnObservationWasMadeOfIsLookedUp() {
        PageQuery page = new PageQuery(What.TOOL_USES, null, null, null, null, null, 20, null, null, 7L);
        List<String> plan = plan(ListReads.pageSql(page, null, null, new Cursor(5, 5)));
        assertNoScan(plan);
        assertThat(plan.get(0)).contains(" tool_use_by_observation ");
    }

    @ParameterizedTest
    @EnumSource(What.class)
    void rowsByIdAreLookedUp(What what) {
        assertNoScan(plan(ListReads.fetchSql(new Fetch(what, List.of(1L, 2L)))));
    }

    @Test
    void theNewestOfAProjectFollowTheIndexOfProjectAndKind() {
        List<String> plan = plan(ListReads.recentSql(List.of(1L), 10, 50));
        assertNoScan(plan);
        assertNoSort(plan);
        assertThat(plan.stream().filter(step -> step.contains("memory_by_project_kind")))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(SearchOrder.class)
    void searchesReadTheIndexThenTheRowsOfThePage(SearchOrder order) {
        MemoryFilter filter = filter(List.of(1L), List.of(Kind.OBSERVATION), List.of("bugfix"));
        List<String> plan = plan(SearchReads.ranked(query(order), inIndex(filter, "\"a\" OR \"b\"")));
        assertNoScan(plan);
        assertThat(plan).anyMatch(step -> step.contains("memory_fts VIRTUAL TABLE INDEX 0:M"));
        assertThat(plan).anyMatch(step -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY"));
    }

    @Test
    void fileAndConceptFiltersReadTheDistinctPathsOnly() {
        MemoryFilter filter =
                new MemoryFilter(null, null, List.of(), List.of(), List.of("gotcha"), "app.java", null, null, null);
        List<String> plan = plan(SearchReads.ranked(query(SearchOrder.RELEVANCE), inIndex(filter, "\"a\"")));
        assertNoScan(plan);
        assertThat(plan).noneMatch(step -> step.startsWith("SCAN mf") || step.startsWith("SCAN c"));
    }

    @ParameterizedTest
    @CsvSource({
        ",  ,            ,       memory_by_time",
        "1, ,            ,       memory_by_project",
        "1, OBSERVATION, ,       memory_by_project_kind",
        ",  PROMPT,      ,       memory_by_kind",
        ",  ,            bugfix, memory_by_type",
    })
    void listingsFollowAnIndex(@Nullable Long project, @Nullable Kind kind, @Nullable String type, String index) {
        MemoryFilter filter = filter(
                project == null ? null : List.of(project),
                kind == null ? List.of() : List.of(kind),
                type == null ? List.of() : List.of(type));
        for (SearchOrder order : SearchOrder.values()) {
            List<String> plan = plan(SearchReads.listing(filter, query(order)));
            assertNoScan(plan);
            assertNoSort(plan);
            assertThat(plan.get(0)).matches("(SCAN|SEARCH) m USING INDEX " + index + "\\b.*");
        }
    }

    @Test
    void neighboursAreTwoWalksFromTheAnchor() {
        List<String> plan = plan(NeighbourReads.sql(new NeighbourReads.Anchor(5, 5, 1), List.of(1L), null, 5, 5));
        assertNoScan(plan);
        assertThat(plan.stream().filter(step -> step.contains("memory_by_project (project_id=? AND created_at")))
                .hasSize(2);
    }

    @Test
    void aRankingReadsNoRowsUnlessAFilterNeedsThem() {
        MemoryFilter inIndex = filter(List.of(1L), List.of(Kind.OBSERVATION), List.of("bugfix"));
        List<String> plan = plan(RankReads.sql(inIndex(inIndex, "\"a\" OR \"b\""), 200));
        assertNoScan(plan);
        assertThat(plan).anyMatch(step -> step.contains("memory_fts VIRTUAL TABLE INDEX 0:M"));
        assertThat(plan).noneMatch(step -> step.matches(".*\\bm\\b.*"));

        MemoryFilter byRow =
                new MemoryFilter(null, List.of(1L), List.of(), List.of(), List.of(), null, null, null, null);
        List<String> joined = plan(RankReads.sql(inIndex(byRow, "\"a\""), 200));
        assertNoScan(joined);
        assertThat(joined).anyMatch(step -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY"));
    }

    @Test
    void whatStandsBesideIsOneStepInTheSessionsIndex() {
        List<String> plan = plan(LinkReads.sql(filter(List.of(1L), List.of(), List.of()), List.of(1L, 2L)));
        assertNoScan(plan);
        assertNoSort(plan);
        assertThat(plan).anyMatch(step -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY"));
        assertThat(plan.stream()
                        .filter(step ->
                                step.contains("SEARCH n USING INDEX memory_by_session (session_id=? AND created_at")))
                .hasSize(2);
    }

    @Test
    void whatTheVectorIndexLacksIsReadByIdWithTheOneBefore() {
        List<String> plan = plan(VectorWork.documents(new VectorPending(5, 32)));
        assertNoScan(plan);
        assertNoSort(plan);
        assertThat(plan)
                .anyMatch(step -> step.startsWith("SEARCH m USING INTEGER PRIMARY KEY (rowid>?)"))
                .anyMatch(step -> step.contains("SEARCH n USING INDEX memory_by_session (session_id=? AND created_at"));
    }

    @Test
    void vectorsAreFoundBySpaceAndByMemory() {
        assertThat(plan("DELETE FROM vector WHERE memory_id IN (SELECT value FROM json_each(?))", "[1]"))
                .anyMatch(step -> step.startsWith("SEARCH vector USING COVERING INDEX vector_by_memory"));
        assertThat(plan(VectorSpaceStore.PAGE, 1, 0, 10))
                .anyMatch(step -> step.matches("SEARCH v USING INDEX sqlite_autoindex_vector_1 .*memory_id>.*"))
                .noneMatch(step -> step.startsWith("SCAN") || step.contains("TEMP B-TREE"));
        assertThat(plan(VectorSpaceStore.OF_MEMORIES, 1, "[1]")).noneMatch(step -> step.matches("SCAN (v|m|p)\\b.*"));
    }

    @Test
    void theQueueIsReadByItsPartialIndexes() {
        List<String> next = plan(TurnQueue.NEXT);
        assertNoSort(next);
        assertThat(next)
                .anyMatch(step -> step.contains("session_ready"))
                .anyMatch(step -> step.contains("turn_claimed"))
                .anyMatch(step -> step.matches("SEARCH t USING (COVERING )?INDEX turn_ready .*"));
        for (String sql : List.of(TurnQueue.SERVED, TurnQueue.DUE)) {
            assertNoScan(plan(sql, 5));
        }
        assertThat(plan(TurnQueue.NEXT_DUE)).allMatch(step -> step.contains("turn_due"));
        assertThat(plan(CompleteCommand.UNSEEN, 5)).allMatch(step -> step.contains("tool_use_by_turn"));
        assertThat(plan(CompleteCommand.SEEN, "[1,2]", 5))
                .anyMatch(step -> step.equals("SEARCH tool_use USING INTEGER PRIMARY KEY (rowid=?)"));
        assertThat(plan(TurnQueue.IDLE, 5)).anyMatch(step -> step.contains("turn_idle"));
        assertThat(plan(WorkReads.sql(1)))
                .anyMatch(step -> step.startsWith("SEARCH tool_use USING INDEX tool_use_by_turn"))
                .anyMatch(step -> step.startsWith("SEARCH memory USING INDEX memory_by_session"))
                .anyMatch(step -> step.startsWith("SEARCH turn_note USING INDEX"))
                .noneMatch(step -> step.matches("SCAN (memory|tool_use|turn_note|t|p|s|tu)( .*)?"));
    }

    @Test
    void figuresAreCountedInIndexes() {
        assertThat(plan(StatsReads.STATS)).noneMatch(step -> step.matches("SCAN (memory|tool_use|turn)$"));
        assertNoScan(plan(StatsReads.PROJECTS));
    }

    @Test
    void appendingLooksEverythingUp() {
        for (String sql : List.of(
                SessionRow.FIND,
                "SELECT id FROM turn WHERE session_id = 1 ORDER BY number DESC LIMIT 1",
                "SELECT max(number) FROM turn WHERE session_id = 1",
                "UPDATE turn SET state = 'pending' WHERE session_id = 1 AND state = 'open'",
                "SELECT 1 FROM tool_use WHERE session_id = 1 AND tool_use_id = 'a'",
                "SELECT 1 FROM turn_note WHERE turn_id = 1 AND digest = x'00'",
                "SELECT text FROM memory WHERE turn_id = 1 AND kind = 3 ORDER BY id DESC LIMIT 1",
                "SELECT id FROM memory WHERE turn_id = 1 AND kind = 2",
                "UPDATE tool_use SET observation_id = NULL WHERE observation_id = 1")) {
            List<String> plan = plan(sql);
            assertNoScan(plan);
            assertNoSort(plan);
            assertThat(plan).allMatch(step -> step.startsWith("SEARCH"));
        }
    }

    private static SearchReads.Match inIndex(MemoryFilter filter, String words) {
        return new SearchReads.Match(filter.match(words), filter.rowConditions(), filter.needsRow());
    }
}

package dev.cairn.store;

import static dev.cairn.store.StoreFixture.OTHER;
import static dev.cairn.store.StoreFixture.note;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.SearchParameters;
import dev.cairn.model.SearchQuery;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankReadsTest {
    @TempDir
    Path directory;

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture(directory);
        store.save(
                note("the parser crashed"),
                note("a parser, and how the parser reads: the parser begins"),
                new NewMemory(
                        "the parser of another",
                        null,
                        "bugfix",
                        OTHER.key(),
                        List.of(),
                        List.of("/x/A.java"),
                        5_000L,
                        "s"),
                note("nothing of it"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "project=other",
                "project=/home/u/cairn",
                "type=bugfix",
                "type=note",
                "kind=observation",
                "kind=summary",
                "session=s",
                "session=none",
                "platform=api",
                "platform=x",
                "file=A.java",
                "from=5001",
                "to=5000",
                "project=unknown"
            })
    @DisplayName("The same as a search finds, with its scores, in its order")
    void ranksAsTheSearchDoes(String filter) {
        SearchQuery query = query("query=parser crashed", filter);

        Ranked ranked = rank(query, 10);

        List<MemoryRow> rows = store.search(query).rows();
        assertThat(ranked.hits())
                .extracting(Ranked.Hit::id)
                .isEqualTo(rows.stream().map(MemoryRow::id).toList());
        assertThat(ranked.hits())
                .extracting(Ranked.Hit::score)
                .isEqualTo(rows.stream().map(MemoryRow::score).toList());
        assertThat(ranked.hits()).allSatisfy(hit -> assertThat(hit.score()).isPositive());
        assertThat(ranked.total()).isEqualTo(rows.size());
        assertThat(ranked.coverage()).isEqualTo(new Coverage(4, 4));
    }

    @Test
    void theBestComeFirstAndTheTotalCountsTheRest() {
        Ranked ranked = rank(query("query=parser crashed", "offset=2", "order=oldest"), 2);

        assertThat(ranked.hits()).hasSize(2);
        assertThat(ranked.hits().get(0).id()).isEqualTo(1);
        assertThat(ranked.hits().get(0).score())
                .isGreaterThan(ranked.hits().get(1).score());
        assertThat(ranked.total()).isEqualTo(3);
    }

    @Test
    void ofEqualScoresTheNewerComesFirst() {
        store.save(note("zebra"), note("zebra"), note("zebra"));

        assertThat(rank(query("query=zebra"), 10).hits())
                .extracting(Ranked.Hit::id)
                .containsExactly(7L, 6L, 5L);
    }

    @Test
    void withoutAWordNothingIsRanked() {
        for (String text : List.of("?!", "  ", "unheardof")) {
            assertThat(rank(SearchQuery.of(text, null, 5), 10)).isEqualTo(new Ranked(List.of(), 0, new Coverage(4, 4)));
        }
        assertThat(rank(SearchQuery.of(null, null, 5), 10).hits()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, RankQuery.MAX_LIMIT + 1})
    void aLimitOutOfBoundsIsRefusedByName(int limit) {
        assertThat(store.refusal(Addresses.STORE_RANK, new RankQuery(query("query=a"), limit))
                        .field())
                .isEqualTo("limit");
    }

    @Test
    @DisplayName("A part of a joined name finds it, behind what has the word itself")
    void partsOfNamesCountLess() {
        store.save(note("calls readFile twice"), note("calls file twice"));

        assertThat(rank(query("query=file"), 10).hits())
                .extracting(Ranked.Hit::id)
                .containsExactly(6L, 5L);
        assertThat(rank(query("query=readFile"), 10).hits().get(0).id()).isEqualTo(5L);
    }

    private Ranked rank(SearchQuery query, int limit) {
        return store.ask(Addresses.STORE_RANK, new RankQuery(query, limit));
    }

    private static SearchQuery query(String... parameters) {
        Map<String, List<String>> values = new HashMap<>();
        for (String parameter : parameters) {
            if (!parameter.isEmpty()) {
                String[] parts = parameter.split("=", 2);
                values.put(parts[0], List.of(parts[1]));
            }
        }
        return SearchParameters.parse(values);
    }
}

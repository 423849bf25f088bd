package dev.cairn.search;

import static dev.cairn.search.FakeStore.CAIRN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchHit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages and filters of a search by words and meaning. */
class HybridPagesTest extends HybridSearchFixture {
    @ParameterizedTest
    @ValueSource(strings = {"", "semantic", "keyword,semantic"})
    void pagesDoNotOverlapAndShowEverything(String strategy) throws Exception {
        byWords(LongStream.rangeClosed(1, 40).toArray());
        byMeaning(LongStream.rangeClosed(21, 80).map(i -> 101 - i).toArray());
        Set<Long> seen = new HashSet<>();
        List<Long> inOrder = new ArrayList<>();

        long total = search("query=commit", "strategy=" + strategy).total();
        for (int offset = 0; offset < total; offset += 7) {
            for (SearchHit hit : search("query=commit", "limit=7", "offset=" + offset, "strategy=" + strategy)
                    .hits()) {
                assertThat(seen.add(hit.id())).as("%s again", hit.id()).isTrue();
                inOrder.add(hit.id());
            }
        }

        assertThat(seen).hasSize(strategy.equals("semantic") ? 60 : 80);
        assertThat(inOrder)
                .isEqualTo(search("query=commit", "limit=100", "strategy=" + strategy).hits().stream()
                        .map(SearchHit::id)
                        .toList());
    }

    @Test
    @DisplayName("What matches by words only, far behind the first two hundred, has its page too")
    void pagesBehindTheRankingGoOnWithTheWords() throws Exception {
        byWords(LongStream.rangeClosed(1, 600).toArray());
        byMeaning(3, 700);
        Set<Long> seen = new HashSet<>();

        for (int offset = 0; offset < 601; offset += 100) {
            for (SearchHit hit :
                    search("query=commit", "limit=100", "offset=" + offset).hits()) {
                assertThat(seen.add(hit.id())).as("%s again", hit.id()).isTrue();
            }
        }

        assertThat(seen).hasSize(601);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "semantic"})
    void whatTheIndexDoesNotFilterTheStoreDoes(String strategy) throws Exception {
        byWords(1, 2, 3);
        byMeaning(LongStream.rangeClosed(2, 90).toArray());
        List<Long> fitting = List.of(2L, 3L, 50L, 60L, 70L, 80L);
        fitting.forEach(id -> put(id, "other", "codex", "/x/Other.java"));

        for (String filter :
                List.of("session=other", "platform=codex", "file=Other.java", "session=other&platform=codex")) {
            String[] parameters = ("query=commit&strategy=" + strategy + "&" + filter).split("&", -1);
            SearchResult found = search(parameters);
            assertThat(found.hits()).extracting(SearchHit::id).as(filter).containsExactlyInAnyOrderElementsOf(fitting);
            assertThat(found.total()).isEqualTo(6);
            List<Long> paged = new ArrayList<>();
            for (int offset = 0; offset < 6; offset += 2) {
                String[] page = Arrays.copyOf(parameters, parameters.length + 2);
                page[parameters.length] = "limit=2";
                page[parameters.length + 1] = "offset=" + offset;
                search(page).hits().forEach(hit -> paged.add(hit.id()));
            }
            assertThat(paged)
                    .as(filter)
                    .containsExactlyElementsOf(
                            found.hits().stream().map(SearchHit::id).toList());
        }
    }

    @Test
    void theIndexFiltersWhatItKnows() throws Exception {
        byMeaning(1);

        search("query=commit", "project=cairn", "kind=observation", "type=bugfix", "from=1000", "to=2000");

        assertThat(asked.stream().filter(VectorQuery.class::isInstance))
                .containsExactly(new VectorQuery(
                        "commit", "cairn", List.of(Kind.OBSERVATION), List.of("bugfix"), 1000L, 2000L, 1_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "semantic"})
    @DisplayName("What the index has not yet forgotten is passed over, and makes no page short or double")
    void forgottenHitsArePassedOver(String strategy) throws Exception {
        byMeaning(LongStream.rangeClosed(1, 60).toArray());
        LongStream.rangeClosed(1, 30).forEach(rows::remove);

        List<Long> paged = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 10) {
            search("query=commit", "limit=10", "offset=" + offset, "strategy=" + strategy)
                    .hits()
                    .forEach(hit -> paged.add(hit.id()));
        }

        assertThat(paged)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(31, 60).boxed().toList());
        assertThat(search("query=commit", "strategy=" + strategy).total()).isEqualTo(30);
    }

    private void put(long id, String session, String platform, String file) {
        MemoryRow row = row(id);
        rows.put(
                id,
                new MemoryRow(
                        row.kind(),
                        id,
                        row.type(),
                        row.title(),
                        null,
                        row.body(),
                        CAIRN,
                        platform,
                        session,
                        List.of(file),
                        row.createdAt(),
                        0));
    }
}

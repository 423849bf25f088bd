package dev.cairn.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of words and meaning serve a search, and what is answered when one of them cannot. */
class HybridSearchTest extends HybridSearchFixture {
    @Test
    void wordsAndMeaningServeASearchTogether() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit");

        assertThat(result.strategies()).containsExactly("keyword", "semantic");
        // The first stands beside the second, which both found.
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(2L, 1L, 7L);
        assertThat(result.coverage()).isEqualTo(new Coverage(3, 4));
        assertThat(result.total()).isEqualTo(3);
        assertThat(result.hits()).allSatisfy(hit -> assertThat(hit.why()).isNull());
        assertThat(result.hits()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    }

    @Test
    void explainShowsTheScoreByStrategy() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit", "explain=true");

        assertThat(why(result, 2)).containsOnlyKeys("keyword", "semantic", "neighbour", "session");
        assertThat(why(result, 1)).containsKey("keyword").doesNotContainKey("semantic");
        assertThat(why(result, 7)).containsKey("semantic").doesNotContainKeys("keyword", "recency");
        assertThat(why(search("query=commit", "explain=true", "recency=true"), 7))
                .containsEntry("recency", 0.1);
    }

    @Test
    @DisplayName("G1: without a vector index words answer alone, and the answer says so")
    void nobodyServesMeaning() throws Exception {
        byWords(1, 2);

        assertWordsAlone(search("query=commit"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "TIMEOUT", "INTERNAL"})
    @DisplayName("G1: while the vector index is down or refuses, words answer alone, and the answer says so")
    void meaningFails(ErrorCode code) throws Exception {
        byWords(1, 2);
        meaning(query -> Future.failedFuture(new CairnException(code, "no")));

        assertWordsAlone(search("query=commit"));
    }

    @Test
    @DisplayName("G1: a vector index that does not answer holds a search up for its deadline only")
    void meaningIsSlow() throws Exception {
        byWords(1, 2);
        Promise<VectorHits> never = Promise.promise();
        meaning(query -> never.future());

        SearchResult slow = search("query=commit");

        assertWordsAlone(slow);
        assertThat(slow.tookMs()).isBetween(HybridSearch.TIMEOUT_MS - 200, HybridSearch.TIMEOUT_MS + 1_500);
    }

    private static void assertWordsAlone(SearchResult result) {
        assertThat(result.strategies()).containsExactly("keyword");
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(1L, 2L);
        assertThat(result.coverage()).isEqualTo(new Coverage(4, 4));
    }

    @Test
    void withoutMeaningTheWordsAreRankedOnce() throws Exception {
        byWords(LongStream.rangeClosed(1, 450).toArray());
        meaning(query -> Future.failedFuture(CairnException.unavailable("no")));

        SearchResult result = search("query=commit", "offset=300", "limit=10", "explain=true");

        assertThat(result.hits())
                .extracting(SearchHit::id)
                .containsExactly(301L, 302L, 303L, 304L, 305L, 306L, 307L, 308L, 309L, 310L);
        assertThat(result.total()).isEqualTo(450);
        assertThat(why(result, 301)).isEqualTo(Map.of("keyword", 700.0));
        assertThat(asked.stream().filter(RankQuery.class::isInstance)).hasSize(1);
        assertThat(asked).noneMatch(SearchQuery.class::isInstance);
    }

    @Test
    void aStoreThatCannotRankIsNotHiddenByTheMeaning() throws Exception {
        byMeaning(7);
        await(vertx.close());
        Vertx other = Vertx.vertx();
        try {
            Bus without = new Bus(other);
            await(without.serve(
                            Addresses.VECTOR_QUERY,
                            query -> Future.succeededFuture(new VectorHits(List.of(), new Coverage(1, 1), 1)))
                    .completion());
            Searcher broken = new Searcher(without, new HybridSearch(without));
            assertThatThrownBy(() -> await(broken.search(SearchQuery.of("commit", null, 5))))
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        } finally {
            await(other.close());
        }
    }

    @Test
    void meaningAloneAsksNoWords() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit", "strategy=semantic", "explain=true");

        assertThat(result.strategies()).containsExactly("semantic");
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(7L, 2L);
        assertThat(why(result, 7)).containsOnlyKeys("semantic");
        assertThat(asked).noneMatch(RankQuery.class::isInstance);
    }

    @Test
    void wordsAloneAskNoIndex() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit", "strategy=keyword");

        assertWordsAlone(result);
        assertThat(asked).noneMatch(VectorQuery.class::isInstance);
    }

    @Test
    void bothNamedAreAsNoneNamed() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        assertThat(search("query=commit", "strategy=keyword,semantic").hits())
                .isEqualTo(search("query=commit").hits());
    }

    @Test
    @DisplayName(
            "H7: meaning alone where there is none is refused, and the refusal names the parameter and the setting")
    void meaningAloneWithoutAnIndex() {
        Searcher without = new Searcher(bus, null);

        assertThatThrownBy(() -> await(without.search(parse("query=commit", "strategy=semantic"))))
                .isInstanceOfSatisfying(CairnException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.field()).isEqualTo("strategy");
                })
                .hasMessageContaining("vector.mode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order=newest", "offset=5000", "query="})
    @DisplayName("H7: what meaning alone cannot answer is refused by name")
    void whatMeaningCannotAnswer(String parameter) {
        assertThatThrownBy(() -> search("query=commit", "strategy=semantic", parameter))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.field()).isEqualTo("strategy"));
    }

    @Test
    void meaningAloneFailsWhileTheIndexIsDown() throws Exception {
        meaning(query -> Future.failedFuture(CairnException.unavailable("the vector index is loading")));

        assertThatThrownBy(() -> search("query=commit", "strategy=semantic"))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("the vector index is loading");
    }

    @Test
    void listsByTimeAndPagesFarBehindAreForTheWords() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        for (String parameter : List.of("order=oldest", "query=", "offset=960")) {
            assertThat(search("query=commit", parameter, "limit=100").strategies())
                    .doesNotContain("semantic");
        }
        assertThat(asked).noneMatch(VectorQuery.class::isInstance);
    }
}

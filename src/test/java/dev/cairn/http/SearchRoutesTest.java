package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchRoutesTest extends ApiFixture {
    @Test
    void searchPassesEveryParameterOn() {
        http.get(
                "/api/search?query=group%20commit+now&kind=observation,summary&kind=prompt&type=bugfix&concept=a&concept=b"
                        + "&file=src/W.java&project=kestrel&platform=claude-code&session=s-1&from=2026-11-20&to=2026-11-22&limit=7"
                        + "&offset=3&order=newest&explain=true");

        assertThat(http.rooms.last(SearchQuery.class))
                .isEqualTo(new SearchQuery(
                        "group commit now",
                        List.of(Kind.OBSERVATION, Kind.SUMMARY, Kind.PROMPT),
                        List.of("bugfix"),
                        List.of("a", "b"),
                        "src/W.java",
                        "kestrel",
                        "claude-code",
                        "s-1",
                        Instant.parse("2026-11-20T00:00:00Z").toEpochMilli(),
                        Instant.parse("2026-11-22T23:59:59.999Z").toEpochMilli(),
                        7,
                        3,
                        SearchOrder.NEWEST,
                        true));
    }

    @Test
    void searchAnswersHitsOrText() {
        SearchHit hit = new SearchHit(
                Kind.OBSERVATION,
                7,
                "bugfix",
                "Fixed it",
                null,
                "the «fix»",
                "/home/dev/kestrel",
                "claude-code",
                "s-1",
                5,
                1.5,
                40,
                List.of(),
                Map.of("keyword", 1.5));
        http.rooms.search = query ->
                Future.succeededFuture(new SearchResult(List.of(hit), 1, List.of("keyword"), new Coverage(3, 4), 2));

        assertThat(http.get("/api/search?query=fix").json()).isEqualTo(new JsonObject("""
                        {"hits":[{"kind":"observation","id":7,"type":"bugfix","title":"Fixed it","snippet":"the «fix»",
                          "project":"/home/dev/kestrel","platform":"claude-code","session":"s-1","createdAt":5,"score":1.5,
                          "tokens":40,"files":[],"why":{"keyword":1.5}}],
                         "total":1,"strategies":["keyword"],"coverage":{"indexed":3,"total":4},"tookMs":2}
                        """));
        Reply text = http.get("/api/search?query=fix&format=text");
        assertThat(text.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(text.body()).isEqualTo("1 found\n");
    }

    @Test
    void aQueryOfTheLongestTextFitsIntoAnUrl() {
        String longest = "記".repeat(SearchQuery.MAX_TEXT);
        assertThat(http.get("/api/search?query=" + URLEncoder.encode(longest, StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(200);
        assertThat(http.rooms.last(SearchQuery.class).text()).isEqualTo(longest);
        assertThat(http.get("/api/search?query=" + "a".repeat(SearchQuery.MAX_TEXT + 1))
                        .field())
                .isEqualTo("query");
    }

    @Test
    void bareUtf8InAnUrlIsRead() {
        http.get("/api/search?query=記憶");
        assertThat(http.rooms.last(SearchQuery.class).text()).isEqualTo("記憶");
    }

    @Test
    void timelineTakesAnIdATimeOrWords() {
        http.get("/api/timeline?anchor=7&before=3&after=0&project=p");
        assertThat(http.rooms.last(TimelineQuery.class)).isEqualTo(new TimelineQuery(7L, null, null, 3, 0, "p"));
        http.get("/api/timeline?anchor=7&platform=codex");
        assertThat(http.rooms.last(TimelineQuery.class))
                .isEqualTo(new TimelineQuery(7L, null, null, 10, 10, null, "codex"));
        http.get("/api/timeline?anchor=1700000000000");
        assertThat(http.rooms.last(TimelineQuery.class))
                .isEqualTo(new TimelineQuery(null, 1_700_000_000_000L, null, 10, 10, null));
        http.get("/api/timeline?anchor=2023-11-14T22:13:20Z");
        assertThat(http.rooms.last(TimelineQuery.class).anchorTime()).isEqualTo(1_700_000_000_000L);
        http.get("/api/timeline?query=fix");
        assertThat(http.rooms.last(TimelineQuery.class)).isEqualTo(new TimelineQuery(null, null, "fix", 10, 10, null));
        http.rooms.timeline = query -> Future.failedFuture(CairnException.notFound("no memory has the id 9"));
        assertThat(http.get("/api/timeline?anchor=9").code()).isEqualTo("not_found");
    }

    @Test
    void contextIsJsonUnlessTextIsAskedFor() {
        assertThat(http.get("/api/context?project=kestrel&maxTokens=500").json())
                .isEqualTo(new JsonObject("""
                        {"project":"kestrel","text":"Known about kestrel.","tokens":5,"summaryIds":[],"observationIds":[]}
                        """));
        assertThat(http.rooms.last(ContextQuery.class)).isEqualTo(new ContextQuery("kestrel", 500));
        Reply text = http.get("/api/context?project=kestrel&format=text");
        assertThat(text.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(text.body()).isEqualTo("Known about kestrel.");
    }
}

package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaveRoutesTest extends ApiFixture {
    @Test
    void savesOneMemory() {
        Reply reply = http.post(
                "/api/memories",
                "{\"text\":\"Use WAL\",\"title\":\"t\",\"type\":\"decision\",\"project\":\"p\",\"facts\":[\"f\"],"
                        + "\"files\":[\"a.sql\"],\"createdAt\":\"2026-11-22T00:00:00Z\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).isEqualTo("{\"id\":100}");
        long created = Instant.parse("2026-11-22T00:00:00Z").toEpochMilli();
        assertThat(http.rooms.last(SaveMemories.class))
                .isEqualTo(new SaveMemories(
                        List.of(new NewMemory(
                                "Use WAL", "t", "decision", "p", List.of("f"), List.of("a.sql"), created)),
                        "api"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "sessionId", "session_id"})
    @DisplayName("The session a memory was said in, by the names that hosts and people give it")
    void savesWhatWasSaidInASession(String name) {
        Reply reply = http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"" + name + "\":\"talk-1\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(http.rooms.last(SaveMemories.class).memories())
                .extracting(NewMemory::session)
                .containsExactly("talk-1");

        http.rooms.asked.clear();
        for (String bad : List.of("7", "[]", "\"" + "x".repeat(NewMemory.MAX_SESSION + 1) + "\"")) {
            Reply refused =
                    http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"" + name + "\":" + bad + "}");
            assertThat(refused.status()).as(bad).isEqualTo(400);
            assertThat(refused.field()).isEqualTo(name);
        }
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aMemoryNamesWhatItCorrects() {
        http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":7}");
        assertThat(superseded()).containsExactly(7L);
        http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":[7,8]}");
        assertThat(superseded()).containsExactly(7L, 8L);
        http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":null}");
        assertThat(superseded()).isEmpty();
    }

    private static List<Long> superseded() {
        return http.rooms.last(SaveMemories.class).memories().get(0).supersedes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"7\"; supersedes",
                "0; supersedes",
                "{}; supersedes",
                "[7,\"x\"]; supersedes[1]",
                "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]; supersedes"
            })
    void whatIsNoIdCorrectsNothing(String supersedes, String field) {
        Reply reply =
                http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":" + supersedes + "}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void savesManyInOneGoAndInTheirOrder() {
        Reply reply = http.post(
                "/api/memories",
                "[{\"text\":\"a\",\"project\":\"p\"},{\"text\":\"b\",\"project\":\"p\",\"createdAt\":5}]");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).isEqualTo("{\"ids\":[100,101]}");
        List<NewMemory> memories = http.rooms.last(SaveMemories.class).memories();
        assertThat(memories).extracting(NewMemory::text).containsExactly("a", "b");
        assertThat(memories).extracting(NewMemory::createdAt).containsExactly(null, 5L);
    }

    @Test
    void savesTenThousandAndNotOneMore() {
        String one = "{\"text\":\"a memory\",\"project\":\"p\"}";
        String most = "[" + (one + ",").repeat(9_999) + one + "]";
        assertThat(http.post("/api/memories", most).json().getJsonArray("ids")).hasSize(10_000);
        http.rooms.asked.clear();
        assertThat(http.post("/api/memories", "[" + (one + ",").repeat(10_000) + one + "]")
                        .status())
                .isEqualTo(400);
        assertThat(http.rooms.asked).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("H7: one bad memory refuses them all, by its place and field")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                       | text
            {"text":"a"}                                             | project
            {"text":" ","project":"p"}                               | text
            {"text":["a"],"project":"p"}                             | text
            {"text":"a","project":"p","tittle":"x"}                  | tittle
            {"text":"a","project":"p","facts":"x"}                   | facts
            {"text":"a","project":"p","facts":["x",1]}               | facts[1]
            {"text":"a","project":"p","createdAt":"someday"}         | createdAt
            {"text":"a","project":"p","createdAt":1.5}               | createdAt
            {"text":"a","project":"p","createdAt":true}              | createdAt
            []                                                       | body
            [7]                                                      | [0]
            [{"text":"a","project":"p"},{"text":"b"}]                | [1].project
            [{"text":"a","project":"p"},{"text":"b","project":[]}]   | [1].project
            """)
    void refusesMemories(String body, String field) {
        Reply reply = http.post("/api/memories", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void refusesTextsBeyondTheirBounds() {
        String start = "{\"project\":\"p\",\"text\":\"";
        assertThat(http.post("/api/memories", start + "x".repeat(NewMemory.MAX_TEXT + 1) + "\"}")
                        .field())
                .isEqualTo("text");
        assertThat(http.post("/api/memories", start + "x\",\"title\":\"" + "x".repeat(301) + "\"}")
                        .field())
                .isEqualTo("title");
        assertThat(http.rooms.asked).isEmpty();
    }
}

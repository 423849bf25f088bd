package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.model.Kind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgetRoutesTest extends ApiFixture {
    @Test
    void deletesOneMemoryOfTheKindThatIsNamed() throws Exception {
        for (Kind kind : Kind.values()) {
            Reply reply = http.request("DELETE /api/" + kind.plural() + "/7 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(http.rooms.last(Forget.class))
                    .isEqualTo(new Forget(List.of(7L), kind, null, null, null, null, null, false));
        }
        http.rooms.forget = forget -> Future.succeededFuture(new Forgotten(0, 0, 0, 0, 0, false));
        assertThat(http.request("DELETE /api/observations/8 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .code())
                .isEqualTo("not_found");
        assertThat(http.request("DELETE /api/sessions/8 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .code())
                .isEqualTo("method_not_allowed");
    }

    @Test
    void forgetsByConditions() {
        Reply reply = http.post(
                "/api/forget",
                "{\"project\":\"p\",\"session\":\"s\",\"query\":\"q\",\"from\":5,\"to\":\"2026-11-22\",\"dryRun\":true}");
        assertThat(reply.json()).isEqualTo(new JsonObject("""
                        {"observations":1,"summaries":0,"prompts":0,"toolUses":0,"sessions":0,"dryRun":true}
                        """));
        long endOfDay = Instant.parse("2026-11-22T23:59:59.999Z").toEpochMilli();
        assertThat(http.rooms.last(Forget.class))
                .isEqualTo(new Forget(List.of(), null, "p", "s", "q", 5L, endOfDay, true));
        http.post("/api/forget", "{\"ids\":[1,2],\"kind\":\"summary\"}");
        assertThat(http.rooms.last(Forget.class))
                .isEqualTo(new Forget(List.of(1L, 2L), Kind.SUMMARY, null, null, null, null, null, false));
    }

    @ParameterizedTest
    @DisplayName("a forget that says too little, or something misspelt, forgets nothing")
    @CsvSource(delimiter = '|', textBlock = """
            {}                               | ids
            {"dryRun":true}                  | ids
            {"ids":[]}                       | ids
            {"ids":[],"project":"p"}         | ids
            {"kind":"summary"}               | ids
            {"projct":"p","session":"s"}     | projct
            {"project":""}                   | project
            {"project":"p","dryRun":"yes"}   | dryRun
            {"project":"p","from":"x"}       | from
            {"ids":[1],"kind":"cat"}         | kind
            []                               | body
            """)
    void refusesAForget(String body, String field) {
        Reply reply = http.post("/api/forget", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }
}

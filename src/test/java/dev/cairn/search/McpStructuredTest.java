package dev.cairn.search;

import static dev.cairn.search.FakeStore.observation;
import static dev.cairn.search.FakeStore.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Answers of tools as structured content. */
class McpStructuredTest extends McpFixture {
    @Test
    @DisplayName("each tool has an output schema for who asks, and its answers fit it")
    void structuredAnswersFitTheirSchemas() throws Exception {
        for (int i = 1; i <= 30; i++) {
            store.rows.add(row(i, "Title " + i, "body of " + i + " with a word"));
            store.observations.add(observation(i, "Title " + i, "n".repeat(1_500)));
        }
        JsonArray asked = call(true, "tools/list", new JsonObject())
                .getJsonObject("result")
                .getJsonArray("tools");
        JsonArray plain = call(false, "tools/list", new JsonObject())
                .getJsonObject("result")
                .getJsonArray("tools");
        JsonArray ids = new JsonArray();
        store.rows.forEach(found -> ids.add(found.id()));
        List<JsonObject> calls = List.of(
                new JsonObject().put("query", "word").put("limit", 30),
                new JsonObject().put("anchor", 3),
                new JsonObject().put("ids", ids.copy().add(99)),
                new JsonObject().put("text", "t"),
                new JsonObject().put("query", "word"),
                new JsonObject());
        for (int i = 0; i < asked.size(); i++) {
            JsonObject tool = asked.getJsonObject(i);
            String name = tool.getString("name");
            boolean always = List.of("save_memory", "forget").contains(name);
            assertThat(plain.getJsonObject(i).containsKey("outputSchema"))
                    .as(name)
                    .isEqualTo(always);
            JsonObject answer = call(
                            true,
                            "tools/call",
                            new JsonObject().put("name", name).put("arguments", calls.get(i)))
                    .getJsonObject("result");
            JsonObject structured = answer.getJsonObject("structuredContent");
            var outcome = McpJsonDefaults.getSchemaValidator()
                    .validate(tool.getJsonObject("outputSchema").getMap(), structured.getMap());
            assertThat(outcome.valid())
                    .as("%s: %s", name, outcome.errorMessage())
                    .isTrue();
            assertThat(structured.encode().length()).as(name).isLessThan(25_000);
            assertThat(answer.getJsonArray("content").getJsonObject(0).getString("text"))
                    .isNotBlank();
        }
    }

    @Test
    void structuredHitsThatHaveNoRoomAreSaidAndCanBeHad() throws Exception {
        for (int i = 1; i <= 100; i++) {
            store.rows.add(row(i, "漢".repeat(290), "word ".repeat(300)));
        }
        List<Integer> ids = new ArrayList<>();
        Integer next = 0;
        for (int pages = 0; next != null; pages++) {
            assertThat(pages).isLessThan(20);
            JsonObject page = call(
                            true,
                            "tools/call",
                            new JsonObject()
                                    .put("name", "search")
                                    .put(
                                            "arguments",
                                            new JsonObject()
                                                    .put("query", "word")
                                                    .put("limit", 100)
                                                    .put("offset", next)))
                    .getJsonObject("result")
                    .getJsonObject("structuredContent");
            assertThat(page.encode().length()).isLessThan(25_000);
            page.getJsonArray("hits").forEach(hit -> ids.add(((JsonObject) hit).getInteger("id")));
            next = page.getInteger("nextOffset");
        }
        assertThat(ids).hasSize(100).doesNotHaveDuplicates();
    }
}

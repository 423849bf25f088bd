package dev.cairn.search;

import static dev.cairn.search.FakeStore.KILN;
import static dev.cairn.search.FakeStore.NOON;
import static dev.cairn.search.FakeStore.row;
import static dev.cairn.search.FakeStore.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.Session;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts, and the completion of arguments. */
class McpPromptsTest extends McpFixture {
    @Test
    void recallBringsTheIndexOfATopic() throws Exception {
        store.rows.add(row(12, "Fix the lost ack", "The writer acked before the commit."));

        String text =
                prompt("recall", new JsonObject().put("topic", "lost\n## ack").put("project", "cairn"));

        assertThat(text).contains("  | lost\n  | ## ack\n", "#12 bugfix 2026-11-22 Fix the lost ack");
    }

    @Test
    void handoverTakesTheLastSessionThatEndedOrTheOneThatIsNamed() throws Exception {
        assertThat(error("prompts/get", new JsonObject().put("name", "handover"))
                        .getInteger("code"))
                .as("there is none")
                .isEqualTo(-32602);
        store.sessions.add(session(9, "now", 3, null));
        assertThat(prompt("handover", new JsonObject())).contains("Session now of");
        store.sessions.add(session(8, "before", 2, NOON));
        store.sessions.add(session(7, "long-ago", 1, NOON));

        assertThat(prompt("handover", new JsonObject())).contains("Session before of", "left open");
        assertThat(prompt("handover", new JsonObject().put("session", "long-ago")))
                .contains("Session long-ago of");
        assertThat(prompt("handover", new JsonObject().put("session", "9"))).contains("Session now of");
        assertThat(error(
                                "prompts/get",
                                new JsonObject()
                                        .put("name", "handover")
                                        .put("arguments", new JsonObject().put("project", "kiln")))
                        .getString("message"))
                .contains("no session is known of this project");
    }

    @Test
    void rememberAsksForMemoriesInFullSentences() throws Exception {
        assertThat(prompt("remember", new JsonObject())).contains("save_memory", "this conversation");
        assertThat(prompt("remember", new JsonObject().put("text", "a\nb").put("project", "cairn")))
                .contains("  | a\n  | b\n", "for the project cairn.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'absent'} | unknown prompt 'absent'; there are recall, handover, remember",
                "{} | name must be a string",
                "{'name':'recall'} | topic is missing; recall needs it",
                "{'name':'recall','arguments':{'topic':' '}} | topic is missing; recall needs it",
                "{'name':'recall','arguments':{'topic':7}} | topic must be a string",
                "{'name':'recall','arguments':{'tpoic':'x'}} | tpoic is no argument of recall; there are topic, project",
                "{'name':'recall','arguments':[]} | arguments must be an object"
            })
    void promptsRefuse(String params, String message) throws Exception {
        JsonObject error = error("prompts/get", new JsonObject(params.replace('\'', '"')));
        assertThat(error.getInteger("code")).isEqualTo(-32602);
        assertThat(error.getString("message"))
                .isEqualTo("Invalid params: " + message
                        + (message.endsWith("string") && params.equals("{}") ? ": the name of a prompt" : ""));
    }

    @Test
    void projectsAndSessionsAreProposed() throws Exception {
        store.projects.add(KILN);
        store.projects.add(new dev.cairn.model.Project("/srv/kiln", "kiln"));
        store.sessions.addAll(List.<Session>of(session(71, "b-1", 3, null), session(72, "a-1", 2, null)));

        assertThat(proposed("{'type':'ref/prompt','name':'recall'}", "project", "c"))
                .containsExactly("cairn");
        assertThat(proposed("{'type':'ref/prompt','name':'recall'}", "project", "KI"))
                .containsExactly("/home/ada/kiln", "/srv/kiln");
        assertThat(proposed("{'type':'ref/prompt','name':'recall'}", "topic", "c"))
                .isEmpty();
        assertThat(proposed("{'type':'ref/prompt','name':'handover'}", "session", ""))
                .containsExactly("b-1", "a-1");
        assertThat(proposed("{'type':'ref/resource','uri':'cairn://session/{id}'}", "id", "7"))
                .containsExactly("71", "72");
        assertThat(proposed("{'type':'ref/resource','uri':'cairn://prompt/{id}'}", "id", "7"))
                .isEmpty();
        for (String ref : List.of(
                "{'type':'ref/prompt','name':'absent'}",
                "{'type':'ref/resource','uri':'cairn://x/{id}'}",
                "{'type':'ref/tool'}",
                "{}")) {
            assertThat(error("completion/complete", complete(ref, "id", "")).getInteger("code"))
                    .isEqualTo(-32602);
        }
    }

    private List<String> proposed(String ref, String argument, String typed) throws Exception {
        JsonObject completion =
                result("completion/complete", complete(ref, argument, typed)).getJsonObject("completion");
        assertThat(completion.getInteger("total"))
                .isEqualTo(completion.getJsonArray("values").size());
        return completion.getJsonArray("values").stream().map(String::valueOf).toList();
    }

    private static JsonObject complete(String ref, String argument, String typed) {
        return new JsonObject()
                .put("ref", new JsonObject(ref.replace('\'', '"')))
                .put("argument", new JsonObject().put("name", argument).put("value", typed));
    }

    private String prompt(String name, JsonObject arguments) throws Exception {
        JsonObject result =
                result("prompts/get", new JsonObject().put("name", name).put("arguments", arguments));
        JsonObject message = result.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getString("role")).isEqualTo("user");
        assertThat(message.getJsonObject("content").getString("type")).isEqualTo("text");
        return message.getJsonObject("content").getString("text");
    }
}

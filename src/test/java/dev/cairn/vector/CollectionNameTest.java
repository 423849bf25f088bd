package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.ChromaServer;
import dev.cairn.config.ConfigLoader;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionNameTest {
    private static ChromaServer server(String url) {
        JsonObject chroma = new JsonObject().put("url", url);
        return ConfigLoader.of(new JsonObject().put("vector", new JsonObject().put("chroma", chroma)))
                .vector()
                .server();
    }

    private static String name(String model, String owner, String url) {
        return CollectionName.of(model, owner, server(url)).text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bge-small-en-v1.5-q",
                "",
                "..",
                "/a/path/../with spaces/and-ümläuts",
                "x1234567890123456789012345678901234567890123456789012345678901234567890"
            })
    void anyModelGivesANameThatChromaTakes(String model) {
        String name = name(model, "a", "http://127.0.0.1:8000");
        assertThat(name)
                .matches("[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9]")
                .doesNotContain("..")
                .startsWith("cairn-");
        assertThat(name(model, "a", "http://127.0.0.1:8000"))
                .as("always the same")
                .isEqualTo(name);
    }

    @Test
    void anotherModelOwnerOrPlaceIsAnotherName() {
        String one = "x".repeat(60) + "1";
        String two = "x".repeat(60) + "2";
        assertThat(new String[] {
                    name(one, "a", "http://127.0.0.1:8000"),
                    name(two, "a", "http://127.0.0.1:8000"),
                    name(one, "b", "http://127.0.0.1:8000"),
                    name(one, "a", "http://127.0.0.1:8001")
                })
                .doesNotHaveDuplicates();
        assertThat(name("bge-small-en-v1.5-q", "a", "http://h")).startsWith("cairn-bge-small-en-v1.5-q-");
    }
}

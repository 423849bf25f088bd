package dev.cairn.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SearchServerCommandTest {
    private static CairnConfig config(String mode) {
        JsonObject chroma = new JsonObject()
                .put("url", "http://127.0.0.1:9000")
                .put("token", "hidden")
                .put("database", "mine");
        return ConfigLoader.of(new JsonObject()
                .put("vector", new JsonObject().put("mode", mode).put("chroma", chroma)));
    }

    @Test
    @DisplayName("H3: the Chroma server's token is handed over where no other user sees it")
    void theTokenIsNoArgument() {
        CairnConfig config = config("chroma-http");
        JsonObject settings = SearchServerCommand.settings(config);
        assertThat(settings.encode()).doesNotContain("hidden");
        Map<String, String> environment = SearchServerCommand.environment(config, Map.of("PATH", "/bin", "X", "y"));
        assertThat(environment).containsOnlyKeys("PATH", "CAIRN_VECTOR_CHROMA_TOKEN");

        CairnConfig childs = ConfigLoader.load(new JsonObject(), environment, settings);
        assertThat(childs.vector()).isEqualTo(config.vector());
    }

    @Test
    void otherModesHaveNoUseForTheToken() {
        for (String mode : new String[] {"off", "embedded", "chroma-mcp"}) {
            assertThat(SearchServerCommand.environment(config(mode), Map.of("PATH", "/bin")))
                    .as(mode)
                    .containsOnlyKeys("PATH");
        }
    }
}

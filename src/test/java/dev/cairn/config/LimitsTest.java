package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.ProcessConfig.Limits;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void aTreeThatHoldsOthersMayUseWhatTheyMay() {
        Limits own = new Limits(1_000, 0.5, 32, 64, 7, 9);
        Limits inside = new Limits(2_000, 0.25, 10, 1, 1, 1);
        assertThat(own.with(inside, 2)).isEqualTo(new Limits(5_000, 1.0, 52, 64, 7, 9));
    }

    @Test
    void whatHasNoLimitStaysWithoutOne() {
        Limits own = new Limits(0, 1, 32, 0, 0, 0);
        assertThat(own.with(Limits.NONE, 2)).isEqualTo(Limits.NONE);
    }

    @Test
    void theSearchServersTreeHoldsItsChroma() {
        JsonObject both = new JsonObject("{\"search\":{\"mode\":\"process\"},\"vector\":{\"mode\":\"chroma-mcp\"}}");
        CairnConfig config = ConfigLoader.load(both, Map.of(), new JsonObject());
        CairnConfig plain = ConfigLoader.load(new JsonObject(), Map.of(), new JsonObject());
        long chroma = config.process().limitsOf("chroma").memoryBytes();
        assertThat(config.process().limitsOf("search").memoryBytes())
                .isEqualTo(plain.process().limitsOf("search").memoryBytes() + 2 * chroma);
    }
}

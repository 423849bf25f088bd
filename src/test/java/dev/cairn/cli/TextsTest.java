package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void whatCorrectsAMemoryIsNamedBehindIt() {
        ObjectNode memory = JsonNodeFactory.instance.objectNode().put("id", 3);
        JsonNode plain = memory.deepCopy();
        memory.putObject("supersededBy")
                .put("id", 12)
                .put("title", "It is 5673")
                .put("createdAt", 5);

        assertThat(Texts.correctedBy(memory)).isEqualTo(", corrected by #12 \"It is 5673\"");
        assertThat(Texts.correctedBy(plain)).isEmpty();
    }
}

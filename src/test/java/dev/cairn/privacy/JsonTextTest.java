package dev.cairn.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonText.Visitor NOTHING = (name, container, text) -> null;
    private static final JsonText.Visitor LOUD = (name, container, text) -> text.toUpperCase(Locale.ROOT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " [ ] ",
                "\"a\"",
                "12",
                "-0.5e+3",
                "true",
                "null",
                "{\"a\":[1,{\"b\":null},[]],\"c\":\"d\"}",
                "{ \"a\" : \"\\u0041\\n\\/\" , \"b\" : [ false , 1 ] }",
            })
    void whatIsNotChangedStaysTheSameObject(String json) {
        assertThat(JsonText.rewrite(json, NOTHING)).isSameAs(json);
    }

    @Test
    void stringsAreDecodedBeforeAndEncodedAfter() throws JsonProcessingException {
        String json = "{\"k\":\"a\\u0062\\\"\\\\\\n\\ud83d\\ude00\",\"n\": 1.50 ,\"l\":[\"x\",{\"y\":\"z\"}]}";
        String loud = JsonText.rewrite(json, LOUD);
        assertThat(loud).isEqualTo("{\"k\":\"AB\\\"\\\\\\n\ud83d\ude00\",\"n\": 1.50 ,\"l\":[\"X\",{\"y\":\"Z\"}]}");
        assertThat(MAPPER.readTree(loud).get("k").asText()).isEqualTo("AB\"\\\n\ud83d\ude00");
    }

    @Test
    void aVisitorIsToldNamesAndContainers() {
        List<String> seen = new ArrayList<>();
        JsonText.rewrite("[\"a\",{\"b\":\"c\",\"d\":[\"e\",\"f\"]},\"g\"]", (name, container, text) -> {
            seen.add(name + " " + container + " " + text);
            return null;
        });
        assertThat(seen).containsExactly("null 1 a", "b -2 c", "d 3 e", "d 3 f", "null 1 g");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "{", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "tru",
                        "01",
                "1.", "1e", "-", "+1", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"", "\"a\nb\"", "[1]]", "{}{}",
                        "nulll", "[}",
                "{]", "\"\\", "NaN", "[1}", "//x\n1",
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.rewrite(text, NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at character");
    }

    @Test
    void depthIsBounded() {
        String deep = "[".repeat(JsonText.MAX_DEPTH) + "]".repeat(JsonText.MAX_DEPTH);
        assertThat(JsonText.rewrite(deep, NOTHING)).isSameAs(deep);
        assertThatThrownBy(() -> JsonText.rewrite("[".repeat(1_000_000), NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deep");
    }

    /** Random texts: what Jackson reads is read, with the same strings; what it refuses is refused. */
    @Test
    void itAgreesWithJackson() throws JsonProcessingException {
        ObjectMapper strict = new ObjectMapper()
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        Random random = new Random(11);
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\\u00e9\\t\"",
            "1",
            "-2.5",
            "true",
            "null",
            " ",
            "\"",
            "\\",
            "e",
            "0"
        };
        int valid = 0;
        for (int round = 0; round < 40_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(9); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            JsonNode tree = null;
            try {
                tree = strict.readTree(text.toString());
                tree = tree.isMissingNode() ? null : tree;
            } catch (JsonProcessingException e) {
                assertThat(e).isNotNull();
            }
            String rewritten = null;
            try {
                rewritten = JsonText.rewrite(text.toString(), (name, container, value) -> value + "");
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("at character");
            }
            assertThat(rewritten == null).as(text.toString()).isEqualTo(tree == null);
            if (rewritten != null) {
                valid++;
                assertThat(strict.readTree(rewritten)).as(text.toString()).isEqualTo(tree);
            }
        }
        assertThat(valid).isGreaterThan(500);
    }
}

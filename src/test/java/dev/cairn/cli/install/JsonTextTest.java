package dev.cairn.cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static JsonNode json(String text) throws Exception {
        return WireFormat.mapper().readTree(text);
    }

    private static String undone(JsonText json) {
        String text = json.text();
        List<TextEdit> edits = json.edits();
        for (int i = edits.size() - 1; i >= 0; i--) {
            text = edits.get(i).undone(text);
        }
        return text;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "{}",
                "{ }\n",
                "{\n}\n",
                "{\n  \"model\": \"opus\"\n}\n",
                "{\r\n\t\"model\" : \"opus\",\r\n\t\"on\": {}\r\n}",
                "{\"a\":1,\"on\":{\"x@y\":false},\"z\":[1,{\"b\":\"}\\\"{\"}]}",
                "\uFEFF{\n    \"on\": {\n        \"x@y\": true\n    },\n    \"n\": 1.50e3, \"u\": \"\\u00e9\\\\\"\n}\n",
                "{ \"on\" : { \"mine@mine\" : false } , \"z\" : null }"
            })
    void whatIsPutInIsThereAndAllElseStaysAndTheWayLeadsBackToTheByte(String text) throws Exception {
        JsonText edited = JsonText.of("f", text);
        JsonNode value = json("{\"source\":{\"source\":\"directory\",\"path\":\"/a b\"}}");
        edited.set(value, "places", "mine");
        edited.set(BooleanNode.TRUE, "on", "mine@mine");

        assertThat(edited.get("places", "mine")).isEqualTo(value);
        assertThat(edited.get("on", "mine@mine")).isEqualTo(BooleanNode.TRUE);
        assertThat(undone(edited)).isEqualTo(text);

        JsonText again = JsonText.of("f", edited.text());
        again.set(value, "places", "mine");
        again.set(BooleanNode.TRUE, "on", "mine@mine");
        assertThat(again.edits()).as("twice is once").isEmpty();

        again.remove("places");
        again.remove("on", "mine@mine");
        JsonNode rest = json(again.text().replace("\uFEFF", ""));
        ObjectNode before =
                text.isBlank() ? WireFormat.mapper().createObjectNode() : (ObjectNode) json(text.replace("\uFEFF", ""));
        before.withObject("/on").remove("mine@mine");
        assertThat(rest).isEqualTo(before);
    }

    @Test
    void theLayoutAroundIsTakenOn() {
        JsonText lines = JsonText.of("f", "{\n    \"on\": {\n        \"a@b\": true\n    }\n}\n");
        lines.set(BooleanNode.TRUE, "on", "c@d");
        lines.set(BooleanNode.TRUE, "more", "e");
        assertThat(lines.text())
                .isEqualTo("{\n    \"on\": {\n        \"a@b\": true,\n        \"c@d\": true\n    },\n"
                        + "    \"more\": {\n        \"e\": true\n    }\n}\n");
        JsonText line = JsonText.of("f", "{\"on\": {\"a@b\": true}}");
        line.set(BooleanNode.TRUE, "on", "c@d");
        line.set(BooleanNode.TRUE, "more", "e");
        assertThat(line.text()).isEqualTo("{\"on\": {\"a@b\": true, \"c@d\": true}, \"more\": { \"e\": true }}");
    }

    @Test
    void theFirstTheLastAndTheOnlyMemberGoWithTheirComma() {
        JsonText json = JsonText.of("f", "{\n  \"a\": 1,\n  \"b\": {\"x\": 1},\n  \"c\": 3\n}\n");
        json.remove("c");
        assertThat(json.text()).isEqualTo("{\n  \"a\": 1,\n  \"b\": {\"x\": 1}\n}\n");
        json.remove("a");
        assertThat(json.text()).isEqualTo("{\n  \"b\": {\"x\": 1}\n}\n");
        json.remove("b", "x");
        assertThat(json.text()).isEqualTo("{\n  \"b\": {}\n}\n");
        json.remove("nothing", "there");
        json.remove("b");
        assertThat(json.text()).isEqualTo("{}\n");
        assertThat(json.isEmptyObject()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "{\"a\":1,}", "{} x", "{\"a\":1,\"a\":2}", "// hm\n{}", "\"text\"", "{'a':1}"})
    void whatIsNoObjectIsRefusedByTheFilesName(String text) {
        assertThatThrownBy(() -> JsonText.of("/home/u/settings.json", text))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("/home/u/settings.json is not valid JSON and stays as it is: ")
                .extracting(e -> ((CairnException) e).code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aValueOfAnotherKindInTheWayIsRefused() {
        JsonText json = JsonText.of("f", "{\"on\": [\"a\"]}");
        assertThatThrownBy(() -> json.set(BooleanNode.TRUE, "on", "x")).hasMessageContaining("on is not an object");
        assertThat(json.edits()).isEmpty();
    }
}

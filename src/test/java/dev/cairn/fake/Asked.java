package dev.cairn.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A request a {@link FakeModelServer} was sent.
 *
 * @param path as in the request line
 * @param headers by their lower-case names
 */
public record Asked(Dialect dialect, String path, Map<String, String> headers, JsonNode body) {
    /** The key it came with; null for none. */
    public String key() {
        return dialect.key(headers);
    }

    public String model() {
        return dialect == Dialect.GEMINI
                ? path.substring(path.indexOf("/models/") + "/models/".length(), path.indexOf(':'))
                : body.path("model").asText();
    }

    /** What the model is told to do. */
    public String instructions() {
        return dialect.instructions(body);
    }

    /** All that is told as data: the opening, when there is one, and the document. */
    public List<String> says() {
        return dialect.says(body);
    }

    /** The last of the JSON objects that are told: what is to be observed. */
    public JsonNode document() {
        String last = says().get(says().size() - 1);
        int after = last.lastIndexOf("\n\n{");
        int start = after < 0 ? last.indexOf('{') : after + 2;
        return Dialect.tree(last.substring(start).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** The answer's schema; missing when none was sent. */
    public JsonNode schema() {
        return dialect.schema(body);
    }
}

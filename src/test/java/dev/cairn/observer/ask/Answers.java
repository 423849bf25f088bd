package dev.cairn.observer.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;

/** Answers in the asked form, made from what was asked. */
public final class Answers {
    private Answers() {}

    /** An observation for each tool use of a document, and a summary when it is the last; a repair's words before it are passed over. */
    public static String each(String message) {
        JsonNode document;
        try {
            document = WireFormat.mapper().readTree(message.substring(message.lastIndexOf("{\"project\"")));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not a document: " + message, e);
        }
        ObjectNode answer = WireFormat.mapper().createObjectNode();
        ArrayNode observations = answer.putArray("observations");
        for (JsonNode use : document.path("toolUses")) {
            String tool = use.path("tool").asText();
            String subject =
                    use.at("/input/file_path").asText(use.at("/input/command").asText("something"));
            ObjectNode observation = observations.addObject();
            observation.put("type", "change").put("title", tool + " of " + subject);
            observation.put("subtitle", "What " + tool + " did to " + subject);
            observation.put("narrative", "The agent used " + tool + " on " + subject + ".");
            observation.putArray("facts").add(subject + " was used with " + tool);
            observation.putArray("concepts").add("what-changed");
            observation.putArray("refs").add(use.path("ref").asInt());
        }
        answer.put("skipped", "");
        ObjectNode summary = answer.putObject("summary");
        boolean last = document.path("last").asBoolean();
        summary.put("request", last ? document.path("asked").asText() : "");
        summary.put("investigated", "");
        summary.put("learned", last ? "It worked." : "");
        summary.put("completed", last ? "All of it." : "");
        summary.put("next_steps", "");
        return answer.toString();
    }
}

package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;

/** What hosts say that tools said. */
final class ToolAnswers {
    private ToolAnswers() {}

    /** The text of a message: a text, or parts of which some have one. */
    static String texts(JsonNode message) {
        if (message.isTextual()) {
            return message.textValue();
        }
        if (message.isObject()) {
            return message.path("text").asText("");
        }
        StringBuilder texts = new StringBuilder();
        for (JsonNode part : message) {
            String text =
                    part.isTextual() ? part.textValue() : part.path("text").asText("");
            if (!text.isEmpty()) {
                texts.append(texts.isEmpty() ? "" : "\n").append(text);
            }
        }
        return texts.toString();
    }

    /** A command's failure as all hosts' are kept: the exit code on the first line, then what it printed. */
    static String exitCode(String code, String output) {
        return "Exit code " + code + "\n" + output;
    }
}

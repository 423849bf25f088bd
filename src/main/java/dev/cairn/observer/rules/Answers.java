package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;

/** What the user answered to an agent's questions. */
final class Answers {
    private static final int MAX_ANSWERS = 8;

    private Answers() {}

    /** Each question with its answer, one a line; empty when nothing was answered. */
    static String of(JsonText response) {
        List<String> lines = new ArrayList<>();
        for (JsonText.Field field : response.at("answers").all()) {
            if (lines.size() < MAX_ANSWERS && !field.value().isBlank()) {
                lines.add(Texts.oneLine(field.key(), 160) + " → " + Texts.oneLine(field.value(), 160));
            }
        }
        if (lines.isEmpty()) {
            String plain = response.text("answer", "response", "text", "content[0].text", "[0].text", "");
            if (plain != null) {
                lines.add(Texts.oneLine(plain, 300));
            }
        }
        return String.join("\n", lines);
    }
}

package dev.cairn.observer.ask;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.observer.rules.Texts;
import dev.cairn.observer.rules.TurnFacts;
import dev.cairn.observer.spi.ModelAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads whatever a model answers; nothing makes it fail. Linear in the answer. */
final class AnswerReader {
    /** The vocabulary of types; any other word becomes {@link #NEUTRAL}, and is kept as a concept. */
    static final Set<String> TYPES = Set.of("bugfix", "feature", "refactor", "change", "discovery", "decision", "note");

    static final String NEUTRAL = "note";

    private static final int MOST_OBSERVATIONS = 50;
    private static final int MOST_ITEMS = 30;
    private static final List<String> SUMMARY =
            List.of("request", "investigated", "learned", "completed", "next_steps");

    private AnswerReader() {}

    /** @param document what was asked about: words are of use when they speak of it */
    static Reading read(ModelAnswer answer, String document) {
        String text = answer.text().strip();
        if (answer.end() == ModelAnswer.End.REFUSED) {
            return Reading.of(Finding.REFUSED, "the model declined to answer");
        }
        boolean cut = answer.end() == ModelAnswer.End.CUT;
        if (text.isEmpty()) {
            return Reading.of(cut ? Finding.CUT : Finding.EMPTY, "it was empty");
        }
        LooseJson.Found found = LooseJson.find(text);
        if (found == null) {
            return words(text, cut, document);
        }
        return json(found.value(), cut || !found.complete());
    }

    private static Reading words(String text, boolean cut, String document) {
        Finding spoken = SpokenFaults.in(text);
        if (spoken != null) {
            return Reading.of(spoken, Texts.oneLine(text, 200));
        }
        boolean json = text.startsWith("{") || text.startsWith("[") || text.startsWith("```");
        if (json) {
            return Reading.of(cut || opens(text) ? Finding.CUT : Finding.DRIFT, "it was not valid JSON");
        }
        Finding finding = Prose.speaksOf(text, document) ? Finding.PROSE : Finding.CHATTER;
        return new Reading(finding, List.of(), Map.of(), "it was not JSON", text);
    }

    private static boolean opens(String text) {
        char last = text.charAt(text.length() - 1);
        return last != '}' && last != ']' && last != '`';
    }

    private static Reading json(JsonNode value, boolean cut) {
        List<JsonNode> items = items(value);
        if (items == null) {
            return Reading.of(
                    cut ? Finding.CUT : Finding.DRIFT,
                    "it has neither \"observations\" nor \"summary\" nor \"skipped\"");
        }
        List<Reading.Told> told = new ArrayList<>();
        String problem = null;
        for (int i = 0; i < items.size() && told.size() < MOST_OBSERVATIONS; i++) {
            JsonNode item = items.get(i);
            String title = text(item, "title");
            if (item.isObject() && title != null) {
                told.add(told(item, title));
            } else if (problem == null) {
                problem = "observation " + (i + 1) + (item.isObject() ? " has an empty title" : " is not an object");
            }
        }
        Map<String, String> summary = summary(value.path("summary"));
        if (cut) {
            return new Reading(Finding.CUT, told, summary, "it broke off", "");
        }
        if (told.isEmpty() && problem != null) {
            return Reading.of(Finding.DRIFT, problem);
        }
        Finding finding = told.isEmpty() && summary.isEmpty() ? Finding.NOTHING : Finding.ANSWERED;
        return new Reading(finding, told, summary, problem, "");
    }

    /** The observations of an answer, in any of the shapes models give it; null when it has none of them. */
    private static @Nullable List<JsonNode> items(JsonNode value) {
        if (value.isArray()) {
            return list(value);
        }
        JsonNode observations = value.path("observations");
        if (observations.isArray()) {
            return list(observations);
        }
        if (observations.isObject()) {
            return List.of(observations);
        }
        if (value.path("observation").isObject()) {
            return List.of(value.path("observation"));
        }
        if (value.has("title") && value.has("type")) {
            return List.of(value);
        }
        boolean known = value.path("summary").isObject() || value.has("skipped") || observations.isNull();
        return known ? List.of() : null;
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }

    private static Reading.Told told(JsonNode item, String title) {
        String raw = text(item, "type");
        String type = raw == null ? NEUTRAL : raw.toLowerCase(Locale.ROOT);
        List<String> concepts = new ArrayList<>(texts(item.path("concepts")));
        if (!TYPES.contains(type)) {
            concepts.add(0, raw == null ? NEUTRAL : raw);
            type = NEUTRAL;
        }
        return new Reading.Told(
                new TurnFacts.Words(
                        type,
                        title,
                        text(item, "subtitle"),
                        text(item, "narrative"),
                        texts(item.path("facts")),
                        concepts,
                        List.of()),
                refs(item.path("refs")));
    }

    private static Map<String, String> summary(JsonNode node) {
        Map<String, String> summary = new TreeMap<>();
        for (String name : SUMMARY) {
            String text = text(node, name);
            if (text == null && name.equals("next_steps")) {
                text = text(node, "nextSteps");
            }
            if (text != null) {
                summary.put(name, text);
            }
        }
        return summary;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        String text = value.isArray() ? String.join(" ", texts(value)) : value.asText("");
        return value.isObject() || text.isBlank() ? null : text.strip();
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        for (JsonNode each : node) {
            if (texts.size() < MOST_ITEMS
                    && each.isValueNode()
                    && !each.asText("").isBlank()) {
                texts.add(each.asText().strip());
            }
        }
        return texts;
    }

    private static List<Integer> refs(JsonNode node) {
        List<Integer> refs = new ArrayList<>();
        for (JsonNode each : node.isArray() ? node : List.of(node)) {
            String digits = each.asText("").replaceAll("\\D", "");
            if (!digits.isEmpty() && digits.length() < 6 && refs.size() < MOST_OBSERVATIONS * MOST_ITEMS) {
                refs.add(Integer.valueOf(digits));
            }
        }
        return refs;
    }
}

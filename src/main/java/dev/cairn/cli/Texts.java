package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;

/** What the commands print, made of what the worker answers. */
final class Texts {
    private static final List<String> LONG_FIELDS = List.of(
            "subtitle",
            "text",
            "narrative",
            "request",
            "investigated",
            "learned",
            "completed",
            "nextSteps",
            "notes",
            "input",
            "response",
            "error");
    private static final List<String> LISTS = List.of("facts", "concepts", "filesRead", "filesModified");

    private Texts() {}

    /** A time as people in the machine's time zone read it, to the minute. */
    static String time(long epochMs) {
        ZonedDateTime time = Instant.ofEpochMilli(epochMs).atZone(ZoneId.systemDefault());
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d",
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute());
    }

    /** A number with its word: {@code 1 summary}, {@code 2,000 summaries}. */
    static String count(JsonNode number, String one, String many) {
        return count(number.asLong(), one, many);
    }

    static String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    static String bytes(long bytes) {
        return bytes < 1024
                ? bytes + " B"
                : bytes < 1024 * 1024
                        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    static String age(long ms) {
        long seconds = Math.max(0, ms / 1_000);
        return seconds < 120 ? seconds + " s" : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    /** Memories of any kind in full, one after the other. */
    static String memories(List<JsonNode> memories, Terminal terminal) {
        StringBuilder text = new StringBuilder();
        for (JsonNode memory : memories) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(terminal.bold(
                            "#" + memory.path("id").asLong() + " " + clean(heading(memory) + times(memory))))
                    .append('\n')
                    .append(terminal.dim(place(memory)))
                    .append('\n');
            LONG_FIELDS.forEach(
                    field -> paragraph(text, field, memory.path(field).asText("")));
            for (String list : LISTS) {
                items(text, list, memory.path(list));
            }
        }
        return text.toString();
    }

    private static String heading(JsonNode memory) {
        if (memory.hasNonNull("title")) {
            return memory.path("title").asText();
        }
        if (memory.hasNonNull("toolName")) {
            return memory.path("toolName").asText();
        }
        return memory.has("text") ? "prompt" : memory.has("startedAt") ? "session" : "summary";
    }

    private static String place(JsonNode memory) {
        StringBuilder place = new StringBuilder(memory.path("type").asText(""));
        place.append(place.isEmpty() ? "" : ", ")
                .append(time(memory.path(memory.has("createdAt") ? "createdAt" : "startedAt")
                        .asLong()))
                .append(", ")
                .append(memory.path("project").asText());
        if (memory.hasNonNull("sessionId")) {
            place.append(", session ").append(memory.path("sessionId").asText());
        }
        return clean(place.toString()) + clean(correctedBy(memory));
    }

    /** How often its session brought the same, to stand behind a title; empty for once. */
    static String times(JsonNode memory) {
        return memory.hasNonNull("times") ? " \u00d7" + memory.path("times").asInt() : "";
    }

    /** What corrects the memory, to stand behind something; empty when nothing does. */
    static String correctedBy(JsonNode memory) {
        JsonNode by = memory.path("supersededBy");
        return by.isObject()
                ? ", corrected by #" + by.path("id").asLong() + " \""
                        + by.path("title").asText() + '"'
                : "";
    }

    private static void paragraph(StringBuilder text, String field, String value) {
        if (!value.isEmpty()) {
            boolean plain = field.equals("text") || field.equals("narrative") || field.equals("subtitle");
            text.append(plain ? "" : label(field) + ": ").append(clean(value)).append('\n');
        }
    }

    private static void items(StringBuilder text, String field, JsonNode items) {
        if (items.isEmpty()) {
            return;
        }
        text.append(label(field)).append(":\n");
        items.forEach(item -> text.append("  - ").append(clean(item.asText())).append('\n'));
    }

    /** {@code nextSteps} becomes "next steps". */
    private static String label(String field) {
        return field.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** Without what would steer a terminal. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}

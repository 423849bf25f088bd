package dev.cairn.http;

import dev.cairn.bus.ExportLine;
import dev.cairn.model.CommandRun;
import dev.cairn.model.Project;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memories of one project as Markdown: a heading for each day (UTC), below it one for each session. What was stored is
 * shown as quoted text, so that none of it can pass for a part of the document.
 */
final class MarkdownText {
    /** So many memories of one day are put in order at once; a day with more has headings again. */
    private static final int TOGETHER = 1_000;

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

    private final Project project;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, List<String>> sessions = new LinkedHashMap<>();
    private boolean headed;
    private String day = "";
    private int held;

    MarkdownText(Project project) {
        this.project = project;
    }

    /** Adds a memory; anything else is passed over. */
    void add(ExportLine line) {
        if (line instanceof ExportLine.PromptLine prompt) {
            add(prompt.createdAt(), prompt.sessionId(), prompt(prompt));
        } else if (line instanceof ExportLine.ObservationLine observation) {
            add(observation.createdAt(), observation.sessionId(), observation(observation));
        } else if (line instanceof ExportLine.SummaryLine summary) {
            add(summary.createdAt(), summary.sessionId(), summary(summary));
        }
    }

    /** Nothing more of this project comes. */
    void end() {
        flush();
    }

    /** What is ready, which is given once. */
    String take() {
        String ready = out.toString();
        out.setLength(0);
        return ready;
    }

    private void add(long at, @Nullable String session, String text) {
        String on = DAY.format(Instant.ofEpochMilli(at));
        if (!on.equals(day) || held == TOGETHER) {
            flush();
            day = on;
        }
        String name = session == null ? "Saved by hand" : "Session " + inline(session);
        sessions.computeIfAbsent(name, none -> new ArrayList<>())
                .add("**" + TIME.format(Instant.ofEpochMilli(at)) + "** " + text);
        held++;
    }

    private void flush() {
        if (held == 0) {
            return;
        }
        if (!headed) {
            headed = true;
            out.append("\n## ")
                    .append(inline(project.name()))
                    .append("\n\n")
                    .append(code(project.key()))
                    .append('\n');
        }
        out.append("\n### ").append(day).append('\n');
        sessions.forEach((session, texts) -> {
            out.append("\n#### ").append(session).append('\n');
            texts.forEach(text -> out.append('\n').append(text));
        });
        sessions.clear();
        held = 0;
    }

    private static String prompt(ExportLine.PromptLine prompt) {
        return "Prompt\n\n" + quoted(prompt.text());
    }

    private static String observation(ExportLine.ObservationLine observation) {
        StringBuilder text = new StringBuilder(inline(observation.type()));
        if (observation.title() != null) {
            text.append(": ").append(inline(observation.title()));
        }
        text.append('\n');
        part(text, null, observation.subtitle());
        part(text, null, observation.narrative());
        list(text, observation.facts().stream().map(MarkdownText::inline).toList());
        files(text, observation.filesRead(), observation.filesModified());
        list(text, observation.commands().stream().map(MarkdownText::command).toList());
        return text.toString();
    }

    private static String summary(ExportLine.SummaryLine summary) {
        StringBuilder text = new StringBuilder("Summary\n");
        part(text, "Asked", summary.request());
        part(text, "Investigated", summary.investigated());
        part(text, "Learned", summary.learned());
        part(text, "Completed", summary.completed());
        part(text, "Next steps", summary.nextSteps());
        part(text, "Notes", summary.notes());
        files(text, summary.filesRead(), summary.filesModified());
        return text.toString();
    }

    private static String command(CommandRun run) {
        return code(run.command()) + (run.outcome() == null ? "" : " – " + inline(run.outcome()));
    }

    private static void part(StringBuilder to, @Nullable String label, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            to.append(label == null ? "\n" : "\n" + label + ":\n\n").append(quoted(text));
        }
    }

    private static void files(StringBuilder to, List<String> read, List<String> modified) {
        List<String> lines = new ArrayList<>();
        if (!read.isEmpty()) {
            lines.add("read " + codes(read));
        }
        if (!modified.isEmpty()) {
            lines.add("modified " + codes(modified));
        }
        list(to, lines);
    }

    private static void list(StringBuilder to, List<String> items) {
        if (!items.isEmpty()) {
            to.append('\n');
            items.forEach(item -> to.append("- ").append(item).append('\n'));
        }
    }

    private static String codes(List<String> texts) {
        return String.join(", ", texts.stream().map(MarkdownText::code).toList());
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        text.strip()
                .lines()
                .forEach(line -> quoted.append(line.isBlank() ? ">" : "> " + line.replace("<", "\\<"))
                        .append('\n'));
        return quoted.toString();
    }

    /** On one line, with nothing that Markdown would read. */
    private static String inline(String text) {
        return text.strip().replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>#|])", "\\\\$1");
    }

    /** Between more backquotes than it has itself. */
    private static String code(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        String fence = "`";
        while (line.contains(fence)) {
            fence += "`";
        }
        String room = line.startsWith("`") || line.endsWith("`") ? " " : "";
        return fence + room + line + room + fence;
    }
}
